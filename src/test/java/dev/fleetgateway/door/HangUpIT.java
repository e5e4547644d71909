package dev.fleetgateway.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class HangUpIT {

    private static final Duration SOON = Duration.ofMillis(250);
    private static final Duration A_WHILE = Duration.ofMillis(700);

    private static final String WAIT = crlf("""
            POST /api/v1/test/wait HTTP/1.1
            Host: 127.0.0.1
            Content-Type: application/json
            Content-Length: 2

            {}""");
    private static final String WAIT_CHUNKED = crlf("""
            POST /api/v1/test/wait HTTP/1.1
            Host: 127.0.0.1
            Content-Type: application/json
            Transfer-Encoding: chunked

            2
            {}
            0

            """);
    private static final String WAIT_WITHOUT_BODY = crlf("""
            GET /api/v1/test/wait HTTP/1.1
            Host: 127.0.0.1

            """);
    private static final String NEXT = crlf("""
            GET /api/v1/permissions HTTP/1.1
            Host: 127.0.0.1
            Connection: close

            """);

    @LocalServerPort
    private int port;

    @Autowired
    private Waiting waiting;

    @AfterEach
    void nobodyWaits() throws InterruptedException {
        waiting.machine.release(1000);
        waiting.none();
    }

    @Test
    void aCallerWhoClosesIsGone() throws Exception {
        try (CallersEnd caller = call().sends(WAIT)) {
            waiting.begun();
            caller.hangUp();
            assertThat(waiting.goneWithin(SOON)).isTrue();
        }
    }

    @Test
    void aCallerWhoResetsIsGone() throws Exception {
        try (CallersEnd caller = call().sends(WAIT_WITHOUT_BODY)) {
            waiting.begun();
            caller.reset();
            assertThat(waiting.goneWithin(SOON)).isTrue();
        }
    }

    @Test
    void aCallerWhoHalfClosesIsGoneAndCanBeToldSo() throws Exception {
        try (CallersEnd caller = call().sends(WAIT)) {
            waiting.begun();
            caller.halfClose();
            assertThat(waiting.goneWithin(SOON)).isTrue();
            assertThat(caller.all()).startsWith("HTTP/1.1 200").endsWith("gone");
        }
    }

    @Test
    void aCallerWhoIsSilentIsThere() throws Exception {
        try (CallersEnd caller = call().sends(WAIT)) {
            waiting.begun();
            assertThat(waiting.goneWithin(A_WHILE)).isFalse();
            waiting.machine.release();
            caller.sends(NEXT);
            assertThat(caller.all()).contains("\r\n\r\nthereHTTP/1.1 200").endsWith("}");
        }
    }

    @Test
    void aNextRequestThatComesEarlyIsNoHangUpAndIsAnswered() throws Exception {
        for (String first : new String[] {WAIT, WAIT_CHUNKED, WAIT_WITHOUT_BODY}) {
            try (CallersEnd caller = call().sends(first)) {
                waiting.begun();
                caller.sends(NEXT);
                assertThat(waiting.goneWithin(A_WHILE)).as(first).isFalse();
                waiting.machine.release();
                assertThat(caller.all())
                        .as(first)
                        .contains("\r\n\r\nthereHTTP/1.1 200")
                        .endsWith("}");
            }
        }
    }

    @Test
    void aNextRequestThatCameTogetherWithTheFirstIsAnswered() throws Exception {
        for (String first : new String[] {WAIT, WAIT_CHUNKED, WAIT_WITHOUT_BODY}) {
            try (CallersEnd caller = call().sends(first + NEXT)) {
                waiting.begun();
                assertThat(waiting.goneWithin(A_WHILE)).as(first).isFalse();
                waiting.machine.release();
                assertThat(caller.all())
                        .as(first)
                        .contains("\r\n\r\nthereHTTP/1.1 200")
                        .endsWith("}");
            }
        }
    }

    @Test
    void aNextRequestThatComesInPiecesIsAnswered() throws Exception {
        for (String first : new String[] {WAIT, WAIT_CHUNKED, WAIT_WITHOUT_BODY}) {
            // Its first bytes in the packet of the first request, one byte while that waits, the rest after it.
            try (CallersEnd caller = call().sends(first + NEXT.substring(0, 7))) {
                waiting.begun();
                caller.sends(NEXT.substring(7, 8));
                assertThat(waiting.goneWithin(SOON)).as(first).isFalse();
                waiting.machine.release();
                caller.sends(NEXT.substring(8));
                assertThat(caller.all())
                        .as(first)
                        .contains("\r\n\r\nthereHTTP/1.1 200")
                        .endsWith("}");
            }
        }
    }

    @Test
    void whatIsSentAheadMayBeLargerThanAnyBuffer() throws Exception {
        String large = crlf("""
                POST /api/v1/test/length HTTP/1.1
                Host: 127.0.0.1
                Connection: close
                Content-Type: application/json
                Content-Length: 100000

                """) + "1".repeat(100_000);
        try (CallersEnd caller = call().sends(WAIT)) {
            waiting.begun();
            caller.sends(large);
            assertThat(waiting.goneWithin(SOON)).isFalse();
            waiting.machine.release();
            assertThat(caller.all()).contains("\r\n\r\nthereHTTP/1.1 200").endsWith("\r\n\r\n100000");
        }
    }

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    CallersEnd call() throws Exception {
        return new CallersEnd(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** The caller's end of a connection. */
    static class CallersEnd implements AutoCloseable {

        final Socket socket;

        CallersEnd(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
        }

        CallersEnd sends(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return this;
        }

        void hangUp() throws IOException {
            socket.close();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        /** What comes until the gateway hangs up. */
        String all() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Handlers that wait for a machine which answers when the test says so. */
    static class Waiting {

        final Semaphore machine = new Semaphore(0);
        private final Semaphore begun = new Semaphore(0);
        private final BlockingQueue<Boolean> gone = new LinkedBlockingQueue<>();

        void begun() throws InterruptedException {
            assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }

        boolean goneWithin(Duration time) throws InterruptedException {
            return Boolean.TRUE.equals(gone.poll(time.toMillis(), TimeUnit.MILLISECONDS));
        }

        void none() throws InterruptedException {
            begun.drainPermits();
            machine.drainPermits();
            gone.clear();
        }

        private String waitForTheMachine() throws InterruptedException {
            Line line = Line.ofThisRequest();
            begun.release();
            while (!machine.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                if (line.gone()) {
                    gone.add(true);
                    return "gone";
                }
            }
            return "there";
        }
    }

    @TestConfiguration
    static class Handlers {

        @Bean
        Waiting waiting() {
            return new Waiting();
        }

        @Bean
        SimpleUrlHandlerMapping waits(Waiting waiting) {
            HttpRequestHandler wait = (request, response) -> {
                Bodies.read(request);
                try {
                    response.getOutputStream().print(waiting.waitForTheMachine());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            };
            HttpRequestHandler length = (request, response) ->
                    response.getOutputStream().print(Integer.toString(Bodies.read(request).length));
            return new SimpleUrlHandlerMapping(
                    Map.of("/api/v1/test/wait", wait, "/api/v1/test/length", length), Ordered.HIGHEST_PRECEDENCE);
        }
    }
}
