package dev.fleetgateway.door;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line between a browser and the gateway that a test can cut, whole or for sockets only. */
final class CuttableLine implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile boolean cut;
    private volatile boolean withoutSockets;

    CuttableLine(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void cut() {
        cut = true;
        drop();
    }

    void cutSocketsOnly() {
        withoutSockets = true;
        drop();
    }

    void mend() {
        cut = false;
        withoutSockets = false;
    }

    private void drop() {
        open.forEach(CuttableLine::quietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Thread.ofVirtual().start(() -> join(near));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void join(Socket near) {
        open.add(near);
        try (near;
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            byte[] first = new byte[16_384];
            int length = near.getInputStream().read(first);
            String head = length < 0 ? "" : new String(first, 0, length, StandardCharsets.ISO_8859_1);
            boolean socket = head.toLowerCase(Locale.ROOT).contains("upgrade: websocket");
            if (length < 0 || cut || (withoutSockets && socket)) {
                return;
            }
            open.add(far);
            far.getOutputStream().write(first, 0, length);
            Thread.ofVirtual().start(() -> pump(far, near));
            pump(near, far);
            open.remove(far);
        } catch (IOException _) {
            // Cut, as was wanted.
        } finally {
            open.remove(near);
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException _) {
            // Cut, as was wanted.
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is as good as closed.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        drop();
    }
}
