package dev.fleetgateway.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Those who hold leases on sockets and do nothing but say that they are there, a quarter of the window after the last time. */
final class Holders implements AutoCloseable {

    private static final int WINDOW_MILLIS = 2_000;
    private static final int EVERY_MILLIS = WINDOW_MILLIS / 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final List<Holder> holders = new ArrayList<>();
    private final ScheduledExecutorService beats;
    private volatile boolean over;

    /** Connects so many sockets for the leases of that many machines, which are not asked for yet. */
    Holders(int port, int sockets, int leases) {
        beats = Executors.newScheduledThreadPool(
                sockets, Thread.ofPlatform().daemon().name("bench-holder-", 0).factory());
        for (int i = 0; i < sockets; i++) {
            Holder holder = new Holder(leases * i / sockets, leases * (i + 1) / sockets);
            holder.socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/ws"), holder)
                    .join();
            holders.add(holder);
            // Each socket's beats come at once, as a page's do; those of different sockets do not.
            var _ = beats.scheduleAtFixedRate(
                    holder::beat, (long) EVERY_MILLIS * i / sockets, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Leases that ended though their holders were there. */
    int lost() {
        return lost.get();
    }

    /** Errors told on sockets, and sockets that were closed from the other end. */
    int errors() {
        return errors.get();
    }

    /** All of them; a lease is beaten for as soon as it is there. */
    void acquire() throws InterruptedException {
        await(holders.stream().flatMap(Holder::acquire).toList());
        int held = holders.stream().mapToInt(each -> each.held.size()).sum();
        System.out.println(held + " leases held");
    }

    /** All of them. */
    void release() throws InterruptedException {
        await(holders.stream().flatMap(Holder::release).toList());
    }

    private static void await(List<CompletableFuture<Void>> asked) throws InterruptedException {
        try {
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Not all leases were granted or taken back", e);
        }
    }

    @Override
    public void close() {
        over = true;
        beats.shutdownNow();
        for (Holder each : holders) {
            each.socket().abort();
        }
        http.shutdownNow();
    }

    /** One socket with its leases. */
    private final class Holder implements WebSocket.Listener {

        private final int first;
        private final int end;
        private final Map<String, String> held = new ConcurrentHashMap<>();
        private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
        private final AtomicInteger ids = new AtomicInteger();
        private final StringBuilder text = new StringBuilder();
        private @Nullable WebSocket socket;

        Holder(int first, int end) {
            this.first = first;
            this.end = end;
        }

        Stream<CompletableFuture<Void>> acquire() {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = first; i < end; i++) {
                String machine = "machine-" + i;
                all.add(ask("lease.acquire", "{\"machine\":\"" + machine + "\",\"windowMillis\":" + WINDOW_MILLIS + "}")
                        .thenAccept(answer ->
                                held.put(machine, answer.at("/result/id").asString())));
            }
            return all.stream();
        }

        Stream<CompletableFuture<Void>> release() {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (String machine : List.copyOf(held.keySet())) {
                String lease = held.remove(machine);
                if (lease != null) {
                    all.add(ask("lease.release", "{\"lease\":\"" + lease + "\"}")
                            .thenAccept(_ -> {}));
                }
            }
            return all.stream();
        }

        void beat() {
            for (String lease : held.values()) {
                send("{\"jsonrpc\":\"2.0\",\"method\":\"lease.beat\",\"params\":{\"lease\":\"" + lease + "\"}}");
            }
        }

        private CompletableFuture<JsonNode> ask(String method, String params) {
            int id = ids.incrementAndGet();
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            asked.put(id, answer);
            send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
            return answer;
        }

        // A socket takes one message at a time.
        private synchronized void send(String message) {
            socket().sendText(message, true).join();
        }

        WebSocket socket() {
            if (socket == null) {
                throw new IllegalStateException("not connected");
            }
            return socket;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void heard(JsonNode message) {
            if (message.has("error")) {
                errors.incrementAndGet();
                System.out.println("A holder was told: " + message);
            }
            if (message.path("id").isNumber()) {
                CompletableFuture<JsonNode> answer =
                        asked.remove(message.path("id").asInt());
                if (answer != null && message.has("error")) {
                    answer.completeExceptionally(new IllegalStateException(message.toString()));
                } else if (answer != null) {
                    answer.complete(message);
                }
            } else if (message.path("method").asString("").equals("lease.lost")) {
                lost.incrementAndGet();
                held.remove(message.at("/params/machine").asString());
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended(code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            ended(error.toString());
        }

        private void ended(String why) {
            if (!over) {
                lost.addAndGet(held.size());
                errors.incrementAndGet();
                held.clear();
                System.out.println("A holder's socket ended: " + why);
                asked.values().forEach(each -> each.completeExceptionally(new IllegalStateException(why)));
            }
        }
    }
}
