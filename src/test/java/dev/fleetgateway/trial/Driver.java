package dev.fleetgateway.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A caller in a process of its own, which can be killed. It sets m1 about once, is present as contract and manners ask, every
 * quarter of the window, whatever it is answered, and never sets m1 about again by itself.
 *
 * <p>{@code Driver rest|socket|bare|storm SET_POWER|GO_FOR}. It takes {@code silent}, {@code release} and {@code resume} from
 * its input and answers each with {@code event <nanos>}, the time just before it was done.
 */
final class Driver {

    private static final int QUARTER = Rest.WINDOW_MILLIS / 4;

    private final Rest rest = new Rest();
    private final ScheduledExecutorService beats = Executors.newScheduledThreadPool(2);
    private final Motion motion;
    private final String path;
    private @Nullable String lease;
    private volatile long presentAt = System.nanoTime();

    private Driver(Motion motion) {
        this.motion = motion;
        this.path = "/components/motor/m1/" + motion.method();
    }

    public static void main(String[] args) throws Exception {
        Driver driver = new Driver(Motion.valueOf(args[1]));
        switch (args[0]) {
            case "rest" -> driver.driveByRest();
            case "socket" -> driver.driveBySocket();
            case "bare" -> driver.driveWithoutALease();
            case "storm" -> driver.storm();
            default -> throw new IllegalArgumentException(args[0]);
        }
        say("driving");
        driver.obey();
    }

    private void driveByRest() throws IOException, InterruptedException {
        lease = rest.lease();
        every(QUARTER, () -> rest.ask("PATCH", "/lease", lease, "{}"));
        presentAt = System.nanoTime();
        set(path);
    }

    private void driveWithoutALease() throws IOException, InterruptedException {
        set(motion == Motion.SET_POWER ? path + "?hold=5s" : path);
    }

    private void set(String where) throws IOException, InterruptedException {
        if (motion == Motion.SET_POWER) {
            rest.ask("POST", where, lease, motion.request()).ok();
        } else {
            var _ = rest.begin(where, lease, motion.request()).whenComplete((answer, e) -> told("GoFor", answer, e));
        }
    }

    // What is refused is sent again in a twentieth of a second, as by a joystick held down.
    private void storm() throws IOException, InterruptedException {
        String held = rest.lease();
        lease = held;
        every(QUARTER, () -> rest.ask("PATCH", "/lease", held, "{}"));
        AtomicInteger last = new AtomicInteger();
        every(50, () -> {
            Rest.Answer answer = rest.ask("POST", path, held, motion.request());
            if (last.getAndSet(answer.status()) != answer.status()) {
                told("SetPower", answer, null);
            }
        });
    }

    private void driveBySocket() throws Exception {
        Wire wire = new Wire();
        WebSocket socket = rest.client()
                .newWebSocketBuilder()
                .subprotocols("fleet-gateway.v1")
                .buildAsync(URI.create("ws://" + Rest.HOST + "/api/v1/ws"), wire)
                .get(10, TimeUnit.SECONDS);
        JsonNode granted = wire.ask(
                        socket,
                        "lease.acquire",
                        "{\"machine\":\"%s\",%s".formatted(Rest.MACHINE, Rest.LEASE_WISH.substring(1)))
                .get(10, TimeUnit.SECONDS);
        String held = granted.path("id").asString();
        lease = held;
        every(QUARTER, () -> wire.send(socket, "lease.beat", null, "{\"lease\":\"" + held + "\"}"));
        presentAt = System.nanoTime();
        CompletableFuture<JsonNode> set =
                wire.ask(socket, "call", """
                {"machine":"%s","resource":"rdk:component:motor/m1","method":"%s","request":%s,"lease":"%s"}""".formatted(Rest.MACHINE, motion.method(), motion.request(), held));
        if (motion == Motion.SET_POWER) {
            set.get(10, TimeUnit.SECONDS);
        }
    }

    private void obey() throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "silent" -> {
                    beats.shutdownNow();
                    var _ = beats.awaitTermination(1, TimeUnit.SECONDS);
                    say("event " + presentAt);
                }
                case "release" -> answered("DELETE", null);
                case "resume" -> answered("PATCH", "{\"resume\":true}");
                default -> throw new IllegalArgumentException(line);
            }
        }
        // Who started it is gone.
        Runtime.getRuntime().halt(0);
    }

    private void answered(String method, @Nullable String json) throws IOException, InterruptedException {
        say("event " + System.nanoTime());
        told(method, rest.ask(method, "/lease", lease, json), null);
    }

    private void every(int millis, Beat beat) {
        var _ = beats.scheduleAtFixedRate(
                () -> {
                    try {
                        presentAt = System.nanoTime();
                        beat.send();
                    } catch (Exception e) {
                        System.err.println("not sent: " + e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private static void told(String what, Rest.@Nullable Answer answer, @Nullable Throwable e) {
        System.err.println(System.nanoTime() + " " + what + ": " + (answer == null ? e : answer));
    }

    private static void say(String what) {
        PrintStream out = System.out;
        out.println(what);
        out.flush();
    }

    /** Sends one sign of presence. */
    private interface Beat {
        void send() throws Exception;
    }

    /** JSON-RPC on one socket. */
    private static final class Wire implements WebSocket.Listener {

        private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
        private final AtomicInteger ids = new AtomicInteger();
        private final StringBuilder heard = new StringBuilder();

        CompletableFuture<JsonNode> ask(WebSocket socket, String method, String params) throws Exception {
            int id = ids.incrementAndGet();
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            asked.put(id, answer);
            send(socket, method, id, params);
            return answer;
        }

        synchronized void send(WebSocket socket, String method, @Nullable Integer id, String params) throws Exception {
            String call = id == null ? "" : "\"id\":" + id + ",";
            var _ = socket.sendText(
                            "{\"jsonrpc\":\"2.0\",%s\"method\":\"%s\",\"params\":%s}".formatted(call, method, params),
                            true)
                    .get(10, TimeUnit.SECONDS);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            heard.append(part);
            if (last) {
                JsonNode message = JsonMapper.shared().readTree(heard.toString());
                heard.setLength(0);
                CompletableFuture<JsonNode> waiting =
                        asked.remove(message.path("id").asInt(0));
                if (waiting != null && message.has("result")) {
                    waiting.complete(message.path("result"));
                } else if (waiting != null) {
                    waiting.completeExceptionally(new IllegalStateException(message.toString()));
                }
                System.err.println(System.nanoTime() + " " + message);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            System.err.println(System.nanoTime() + " closed with " + status + " " + reason);
            return null;
        }
    }
}
