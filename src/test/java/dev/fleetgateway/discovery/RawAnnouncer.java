package dev.fleetgateway.discovery;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;

/** Says on loopback, by multicast DNS, exactly what a test has it say, by no library that might know better. */
final class RawAnnouncer implements AutoCloseable {

    private static final int PORT = 5353;

    private final MulticastSocket socket;
    private final InetAddress group;

    RawAnnouncer() throws IOException {
        socket = new MulticastSocket();
        socket.setNetworkInterface(NetworkInterface.getByInetAddress(InetAddress.ofLiteral("127.0.0.1")));
        group = InetAddress.ofLiteral("224.0.0.251");
    }

    /** One packet of answers. */
    static final class Answers {

        private final ByteArrayOutputStream records = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(records);
        private int count;

        Answers service(String name, String host, int port) {
            return service(name, host, port, 3200);
        }

        Answers service(String name, String host, int port, int ttl) {
            byte[] target = encoded(host);
            return record(name + "." + Ear.TYPE, 33, ttl, at -> {
                at.writeShort(0);
                at.writeShort(0);
                at.writeShort(port);
                at.write(target);
            });
        }

        Answers text(String name, String... strings) {
            return record(name + "." + Ear.TYPE, 16, 3200, at -> {
                for (String each : strings) {
                    at.writeByte(each.length());
                    at.writeBytes(each);
                }
            });
        }

        Answers address(String host, String ip) {
            byte[] address = InetAddress.ofLiteral(ip).getAddress();
            return record(host, address.length == 4 ? 1 : 28, 120, at -> at.write(address));
        }

        byte[] packet() {
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            DataOutputStream header = new DataOutputStream(packet);
            try {
                header.writeShort(0);
                header.writeShort(0x8400);
                header.writeShort(0);
                header.writeShort(count);
                header.writeInt(0);
                header.write(records.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return packet.toByteArray();
        }

        private interface Data {

            void write(DataOutputStream out) throws IOException;
        }

        private Answers record(String name, int type, int ttl, Data data) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                data.write(new DataOutputStream(bytes));
                out.write(encoded(name));
                out.writeShort(type);
                // Class IN, without the bit that flushes what else is known.
                out.writeShort(1);
                out.writeInt(ttl);
                out.writeShort(bytes.size());
                out.write(bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            count++;
            return this;
        }

        private static byte[] encoded(String name) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            String rootless = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            for (String label : rootless.split("\\.", -1)) {
                byte[] text = label.getBytes(StandardCharsets.UTF_8);
                bytes.write(text.length);
                bytes.writeBytes(text);
            }
            bytes.write(0);
            return bytes.toByteArray();
        }
    }

    void say(Answers answers) {
        say(answers.packet());
    }

    void say(byte[] packet) {
        try {
            socket.send(new DatagramPacket(packet, packet.length, group, PORT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
