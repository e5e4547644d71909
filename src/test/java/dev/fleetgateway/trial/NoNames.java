package dev.fleetgateway.trial;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** A name server that knows no name: whoever asks is told so at once, as by a real one, as long as he gets through to it. */
final class NoNames {

    private static final int NO_SUCH_NAME = 3;

    private NoNames() {}

    public static void main(String[] args) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(args[0], 53))) {
            byte[] question = new byte[512];
            while (true) {
                DatagramPacket packet = new DatagramPacket(question, question.length);
                socket.receive(packet);
                byte[] answer = Arrays.copyOf(question, packet.getLength());
                answer[2] |= (byte) 0x80;
                answer[3] = (byte) (0x80 | NO_SUCH_NAME);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        }
    }
}
