package dev.fleetgateway.lease;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program that moves machines by a socket. */
final class SocketCaller implements WebSocket.Listener, AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "test-beats");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final StringBuilder text = new StringBuilder();

    // The JDK's socket takes one message at a time.
    private final ReentrantLock sending = new ReentrantLock();
    private final WebSocket socket;

    SocketCaller(int port) {
        socket = http.newWebSocketBuilder()
                .subprotocols("fleet-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/ws"), this)
                .join();
    }

    /** Asks; completes with the whole answer, which has a {@code result} or an {@code error}. */
    CompletableFuture<JsonNode> ask(String method, String params) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        send("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, params));
        return answer.orTimeout(60, TimeUnit.SECONDS);
    }

    /** The id of what was asked last. */
    int lastId() {
        return ids.get();
    }

    void notify(String method, String params) {
        send("{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}".formatted(method, params));
    }

    /** The id of a lease of a machine, which is beaten from now on. */
    String acquire(String machine, Duration window) {
        JsonNode answer = ask(
                        "lease.acquire",
                        "{\"machine\":\"%s\",\"windowMillis\":%d}".formatted(machine, window.toMillis()))
                .join();
        String id = answer.at("/result/id").asString("");
        if (id.isEmpty()) {
            throw new AssertionError("no lease: " + answer);
        }
        beat(id, window);
        return id;
    }

    void beat(String lease, Duration window) {
        long pause = Math.max(1, window.toMillis() / 5);
        var _ = timer.scheduleAtFixedRate(
                () -> notify("lease.beat", "{\"lease\":\"%s\"}".formatted(lease)), 0, pause, TimeUnit.MILLISECONDS);
    }

    /** The page freezes: the socket stays, pongs and all, and nothing is sent. */
    void freeze() {
        timer.shutdownNow();
    }

    CompletableFuture<JsonNode> call(String machine, String resource, String method, String request, String more) {
        return ask(
                "call",
                "{\"machine\":\"%s\",\"resource\":\"%s\",\"method\":\"%s\",\"request\":%s%s}"
                        .formatted(machine, resource, method, request, more));
    }

    CompletableFuture<JsonNode> power(String machine, String motor, String lease) {
        return call(
                machine,
                "rdk:component:motor/" + motor,
                "SetPower",
                "{\"powerPct\":0.5}",
                ",\"lease\":\"%s\"".formatted(lease));
    }

    /** The notifications of that method that have come. */
    List<JsonNode> told(String method) {
        return told.stream()
                .filter(message -> message.get("method").asString().equals(method))
                .map(message -> message.get("params"))
                .toList();
    }

    /** Ends in good form. */
    void hangUp() {
        timer.shutdownNow();
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    /** Is gone without a word. Nothing that it asked is answered. */
    void vanish() {
        timer.shutdownNow();
        socket.abort();
        asked.values().forEach(answer -> answer.cancel(false));
    }

    private void send(String message) {
        sending.lock();
        try {
            socket.sendText(message, true).join();
        } finally {
            sending.unlock();
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            JsonNode message = JsonMapper.shared().readTree(text.toString());
            text.setLength(0);
            if (message.has("method")) {
                told.add(message);
            } else {
                CompletableFuture<JsonNode> answer =
                        asked.remove(message.path("id").asInt(-1));
                if (answer != null) {
                    answer.complete(message);
                }
            }
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        vanish();
        http.shutdownNow();
    }
}
