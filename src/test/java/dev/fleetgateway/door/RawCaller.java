package dev.fleetgateway.door;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A program at the other end of a TCP connection that reads only when the test says so, and answers no ping. */
final class RawCaller implements AutoCloseable {

    private final Socket socket = new Socket();

    /** Connects with a receive buffer so small that what is not read is soon felt at the other end. */
    RawCaller(int port) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(10_000);
    }

    RawCaller openSocket() throws IOException {
        return request("""
                GET /api/v1/ws HTTP/1.1
                Host: 127.0.0.1
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Version: 13

                """);
    }

    RawCaller openEvents(String query) throws IOException {
        return request("GET /api/v1/events" + query + " HTTP/1.1\nHost: 127.0.0.1\n\n");
    }

    RawCaller request(String head) throws IOException {
        socket.getOutputStream().write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Sends a text frame, masked with zeros. */
    void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length & 0xff);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** Says that it is there, asked or not. A socket that is closed by then is no failure. */
    void pong() {
        try {
            socket.getOutputStream().write(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0});
        } catch (IOException _) {
            // Closed at the other end; the test looks there.
        }
    }

    int readByte() throws IOException {
        return socket.getInputStream().read();
    }

    /** Everything until the other end closes; a reset is an end too. */
    byte[] readAll() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                all.write(buffer, 0, n);
            }
        } catch (IOException _) {
            // Reset: what came before is all there is.
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
