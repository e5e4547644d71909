package dev.fleetgateway.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.ByteString;
import dev.fleetgateway.command.PendingCall;
import dev.fleetgateway.door.RawHttp.Reply;
import dev.fleetgateway.status.FakeFleet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
        classes = {DoorUnderTest.class, CallRoutes.class, TomcatSettings.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.threads.virtual.enabled=true",
            "server.tomcat.max-connections=" + SlowClientsIT.MOST
        })
class SlowClientsIT {

    static final int MOST = 50;

    // A second is what is promised; a busy machine that tests is given two more.
    private static final Duration SOON = Duration.ofSeconds(3);

    @LocalServerPort
    private int port;

    @Autowired
    private FakeFleet fleet;

    @Autowired
    private FakeCommands commands;

    @BeforeEach
    void oneMachine() {
        fleet.add("r1", Map.of("site", "lab"));
        await().until(this::statusOfMachines, equalTo(200));
    }

    @AfterEach
    void none() {
        fleet.remove("r1");
        machinesAnswer();
        commands.calls.clear();
    }

    @ParameterizedTest
    @MethodSource
    void aStopGetsInThroughAStormOf(List<Slow> slow) throws Exception {
        try (Caller socket = new Caller(port)) {
            socket.next("hello");
            try (Storm storm = new Storm(port, slow)) {
                await().until(() -> storm.begun.get() > 2 * (MOST + DoorEndpoint.RESERVE));
                long longest = 0;
                for (int i = 0; i < 10; i++) {
                    await().pollDelay(Duration.ofMillis(100)).until(() -> true);
                    longest = Math.max(longest, stopIsAnswered(i % 2 == 0));
                }
                System.out.printf(
                        "SlowClientsIT %s: the slowest of 10 stops took %d ms, beside %d slow callers%n",
                        slow, longest, storm.begun.get());
                assertThat(Duration.ofMillis(longest)).isLessThan(SOON);
            }
            assertThat(socket.closed).isNotDone();
            socket.ask(7, "ping", "{}");
            assertThat(socket.answer().get("id").asInt()).isEqualTo(7);
        }
    }

    @Test
    void aStopGetsInWhereAllConnectionsWaitForMachinesAndAllElseIsToldWhichSettingSaysNo() throws Exception {
        List<Socket> busy = new ArrayList<>();
        try {
            for (int i = 1; i <= MOST; i++) {
                busy.add(sends(port, Slow.WAITING_FOR_A_MACHINE.first(i)));
                await().until(commands.pending::size, equalTo(i));
            }

            Reply refused = RawHttp.send(port, """
                    POST /api/v1/machines/r1/components/motor/m1/GoFor HTTP/1.1
                    Host: 127.0.0.1
                    Content-Type: application/json
                    Content-Length: 1000000

                    {"a""");
            assertThat(refused.status()).as(refused.whole()).isEqualTo(429);
            assertThat(refused.header("Content-Type")).isEqualTo(Problems.MEDIA_TYPE);
            assertThat(refused.json().get("code").asString()).isEqualTo("too-many-calls");
            assertThat(refused.json().get("outcome").asString()).isEqualTo("NOT_SENT");
            assertThat(refused.json().get("detail").asString()).contains("server.tomcat.max-connections");
            assertThat(refused.header("Connection")).isEqualTo("close");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(statusOfMachines()).isEqualTo(429);

            assertThat(stopIsAnswered(true)).isLessThan(SOON.toMillis());
            try (Socket raw = sends(port, """
                    POST /api/v1/machines/r1/components/motor/m1/Stop HTTP/1.1
                    Host: 127.0.0.1
                    Content-Type: application/json
                    Content-Length: 2

                    {}""")) {
                await().until(() ->
                        commands.calls.stream().anyMatch(call -> call.method().equals("Stop")));
                assertThat(raw.isConnected()).isTrue();
            }
            assertThat(commands.cancelled).isEmpty();
        } finally {
            for (Socket socket : busy) {
                socket.close();
            }
        }
        machinesAnswer();
        await().until(this::statusOfMachines, equalTo(200));
    }

    static Stream<List<Slow>> aStopGetsInThroughAStormOf() {
        return Stream.concat(Stream.of(Slow.values()).map(List::of), Stream.of(List.of(Slow.values())));
    }

    private void machinesAnswer() {
        PendingCall.Answer answer =
                new PendingCall.Answer(ByteString.copyFromUtf8("{}"), "op", "LAN", null, Duration.ofMillis(1));
        commands.pending.values().forEach(pending -> pending.complete(answer));
        commands.pending.clear();
    }

    private int statusOfMachines() throws IOException {
        return RawHttp.send(port, "GET /api/v1/machines HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")
                .status();
    }

    private long stopIsAnswered(boolean fleetWide) throws IOException {
        long began = System.nanoTime();
        Reply reply = fleetWide
                ? RawHttp.send(port, """
                        POST /api/v1/fleet/stop HTTP/1.1
                        Host: 127.0.0.1
                        Content-Type: application/json
                        Content-Length: 16

                        {"selector": ""}""")
                : RawHttp.send(port, "POST /api/v1/machines/r1/stop HTTP/1.1\nHost: 127.0.0.1\n\n");
        assertThat(reply.status()).as(reply.whole()).isEqualTo(200);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    private static Socket sends(int port, String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
        return socket;
    }

    /** A way to keep a connection without ever being done. */
    enum Slow {
        IDLE("", ""),
        HALF_HEAD("POST /api/v1/machines/r1/stop HTTP/1.1\nHost: 127.0.0.1\nX-Slow: ", "a"),
        DRIBBLED_CALL("""
                POST /api/v1/machines/r1/components/motor/m1/GoFor HTTP/1.1
                Host: 127.0.0.1
                Content-Type: application/json
                Content-Length: 1000000

                {""", " "),
        DRIBBLED_STOP("""
                POST /api/v1/machines/r1/stop HTTP/1.1
                Host: 127.0.0.1
                Content-Type: application/json
                Content-Length: 1000000

                {""", " "),
        DRIBBLED_FLEET_STOP("""
                POST /api/v1/fleet/stop HTTP/1.1
                Host: 127.0.0.1
                Content-Type: application/json
                Content-Length: 1000

                {""", " "),
        WAITING_FOR_A_MACHINE("""
                POST /api/v1/machines/r1/components/motor/m1/GoFor HTTP/1.1
                Host: 127.0.0.1
                Content-Type: application/json
                Content-Length: 2

                {}""", "");

        final String then;
        private final String first;

        Slow(String first, String then) {
            this.first = first;
            this.then = then;
        }

        /** What he says at first, naming a motor of his own, since of equal calls one is kept. */
        String first(int number) {
            return first.replace("/m1/", "/m" + number + "/");
        }
    }

    /** Slow callers who come all the time, and of whom none goes by himself. */
    private static final class Storm implements AutoCloseable {

        private static final int EACH_ROUND = 2;
        private static final int AT_MOST = 2000;

        final AtomicInteger begun = new AtomicInteger();

        private final int port;
        private final List<Slow> slow;
        private final BlockingQueue<Dribble> open = new LinkedBlockingQueue<>(AT_MOST + EACH_ROUND);
        private final ScheduledExecutorService rounds = Executors.newScheduledThreadPool(2);

        Storm(int port, List<Slow> slow) {
            this.port = port;
            this.slow = slow;
            var _ = rounds.scheduleAtFixedRate(this::more, 0, 10, TimeUnit.MILLISECONDS);
            var _ = rounds.scheduleAtFixedRate(() -> open.removeIf(Dribble::hasEnded), 200, 200, TimeUnit.MILLISECONDS);
        }

        private void more() {
            for (int i = 0; i < EACH_ROUND && open.size() < AT_MOST; i++) {
                int number = begun.getAndIncrement();
                Slow one = slow.get(number % slow.size());
                try {
                    open.add(Dribble.begin(port, one.first(number), one.then));
                } catch (IOException _) {
                    // He was hung up on while he spoke; the next one comes.
                }
            }
        }

        @Override
        public void close() {
            rounds.shutdownNow();
            open.forEach(Dribble::close);
        }
    }

    private record Dribble(SocketChannel channel, String then) {

        static Dribble begin(int port, String first, String then) throws IOException {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(bytes(first));
            channel.configureBlocking(false);
            return new Dribble(channel, then);
        }

        /** Says a little more, and whether the other end has hung up. */
        boolean hasEnded() {
            try {
                channel.write(bytes(then));
                if (channel.read(ByteBuffer.allocate(4096)) >= 0) {
                    return false;
                }
            } catch (IOException _) {
                // Reset, which is an end too.
            }
            close();
            return true;
        }

        void close() {
            try {
                channel.close();
            } catch (IOException _) {
                // As good as closed.
            }
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
        }
    }
}
