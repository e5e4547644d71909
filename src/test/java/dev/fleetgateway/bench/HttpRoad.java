package dev.fleetgateway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls over REST: one kept-alive connection a slot, one thread for all. Written on bare sockets, so that little of what is
 * measured is the measuring.
 */
final class HttpRoad implements Road {

    private final Selector selector;
    private final Connection[] connections;
    private final HttpCall call;
    private final int port;
    private final int machines;
    private final int bodyLength;
    private final Thread reader = new Thread(this::read, "bench-http");
    private volatile byte[][] heads = {};
    private @Nullable Listener listener;
    private volatile boolean over;
    private boolean refused;

    /** Connects. */
    HttpRoad(int port, int machines, int slots, HttpCall call) throws IOException {
        this.port = port;
        this.machines = machines;
        this.call = call;
        selector = Selector.open();
        connections = new Connection[slots];
        bodyLength = call.body(0).length();
        for (int slot = 0; slot < slots; slot++) {
            String body = call.body(slot);
            if (body.length() != bodyLength) {
                throw new IllegalArgumentException("Bodies must be equally long, which this is not: " + body);
            }
            connections[slot] = new Connection(slot, port, body);
            connections[slot].connect();
        }
        reader.setDaemon(true);
    }

    @Override
    public void enter() throws InterruptedException {
        call.enter();
        byte[][] made = new byte[machines][];
        for (int i = 0; i < machines; i++) {
            made[i] = ("POST /api/v1/machines/machine-" + i + call.path() + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                            + "\r\n"
                            + call.headers(i) + "Content-Type: application/json\r\nContent-Length: " + bodyLength
                            + "\r\n\r\n")
                    .getBytes(ISO_8859_1);
        }
        heads = made;
    }

    @Override
    public void leave() throws InterruptedException {
        call.leave();
    }

    @Override
    public void listen(Listener told) {
        boolean first = listener == null;
        listener = told;
        if (first) {
            reader.start();
        }
    }

    @Override
    public void send(int slot, long number) {
        int machine = (int) (number % machines);
        call.calling(machine);
        connections[slot].send(heads[machine]);
    }

    private void read() {
        try {
            while (!over) {
                selector.select(key -> ((Connection) key.attachment()).readable(), 1000);
            }
        } catch (IOException | UncheckedIOException e) {
            if (!over) {
                throw new IllegalStateException("The load over REST broke off", e);
            }
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Connection each : connections) {
                each.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Connection {

        private final int slot;
        private final int port;
        private final byte[] body;
        private final ByteBuffer out = ByteBuffer.allocateDirect(1024);
        private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
        private final byte[] seen = new byte[16 * 1024];
        private volatile @Nullable SocketChannel channel;
        private volatile boolean busy;
        private int length;

        Connection(int slot, int port, String body) {
            this.slot = slot;
            this.port = port;
            this.body = body.getBytes(ISO_8859_1);
        }

        void connect() throws IOException {
            SocketChannel made = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            made.setOption(StandardSocketOptions.TCP_NODELAY, true);
            made.configureBlocking(false);
            made.register(selector, SelectionKey.OP_READ, this);
            channel = made;
        }

        private SocketChannel channel() {
            return Objects.requireNonNull(channel);
        }

        // An answer can come, and the next call with it, before the write that asked for it has returned to its thread.
        synchronized void send(byte[] head) {
            busy = true;
            try {
                out.clear().put(head).put(body).flip();
                channel().write(out);
                if (out.hasRemaining()) {
                    throw new IOException("a small request did not fit into an idle connection");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void readable() {
            try {
                in.clear();
                int read = channel().read(in);
                if (read < 0) {
                    lost();
                    return;
                }
                in.flip().get(seen, length, read);
                length += read;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            int head = headerEnd();
            if (head > 0 && length >= head + contentLength(head)) {
                boolean ok = seen[9] == '2';
                if (!ok && !refused) {
                    refused = true;
                    System.out.println("The first call that failed: " + new String(seen, 0, length, ISO_8859_1));
                }
                if (isLast(head)) {
                    again();
                }
                length = 0;
                answered(ok);
            }
        }

        /** A gateway may end a connection after an answer, and says so; connecting anew is then part of what a call costs. */
        private void again() {
            try {
                channel().close();
                connect();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The gateway ended the connection without a word: the call on it, if there is one, has failed. */
        private void lost() {
            length = 0;
            again();
            if (busy) {
                answered(false);
            }
        }

        private void answered(boolean ok) {
            busy = false;
            if (listener != null) {
                listener.ended(slot, ok);
            }
        }

        private boolean isLast(int head) {
            for (int i = head - 20; i > 16; i--) {
                if (seen[i] == '\n' && (seen[i + 1] | 0x20) == 'c' && seen[i + 11] == ':') {
                    return seen[i + 13] == 'c';
                }
            }
            return false;
        }

        private int headerEnd() {
            for (int i = 3; i < length; i++) {
                if (seen[i] == '\n' && seen[i - 1] == '\r' && seen[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private int contentLength(int head) {
            for (int i = 0; i < head - 16; i++) {
                if (seen[i] == '\n'
                        && seen[i + 8] == '-'
                        && (seen[i + 1] | 0x20) == 'c'
                        && (seen[i + 9] | 0x20) == 'l') {
                    int value = 0;
                    for (int at = i + 16; seen[at] != '\r'; at++) {
                        if (seen[at] != ' ' && seen[at] != ':') {
                            value = value * 10 + seen[at] - '0';
                        }
                    }
                    return value;
                }
            }
            throw new IllegalStateException(
                    "An answer without a length: " + new String(seen, 0, head, ISO_8859_1).toLowerCase(Locale.ROOT));
        }
    }
}
