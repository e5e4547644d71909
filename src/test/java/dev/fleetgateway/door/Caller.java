package dev.fleetgateway.door;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A well-behaved program at the socket's other end. */
final class Caller implements WebSocket.Listener, AutoCloseable {

    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;

    Caller(int port, String... protocols) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (protocols.length > 0) {
            builder.subprotocols(protocols[0], java.util.Arrays.copyOfRange(protocols, 1, protocols.length));
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/ws"), this)
                .join();
    }

    String protocol() {
        return socket.getSubprotocol();
    }

    Caller send(String message) {
        socket.sendText(message, true).join();
        return this;
    }

    Caller ask(int id, String method, String params) {
        return send("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, params));
    }

    void sendBinary() {
        socket.sendBinary(ByteBuffer.allocate(3), true).join();
    }

    /** The next message of any kind but of the uplink, which comes between any others. */
    JsonNode next() throws InterruptedException {
        JsonNode message;
        do {
            message = any();
        } while (isOfUplink(message));
        return message;
    }

    private static boolean isOfUplink(JsonNode message) {
        return message.path("method").asString("").equals("uplink");
    }

    private JsonNode any() throws InterruptedException {
        JsonNode message = messages.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came in 10 s");
        }
        return message;
    }

    /** The next answer, or notification of that method, what comes before being passed over. */
    JsonNode next(String method) throws InterruptedException {
        while (true) {
            JsonNode message = any();
            JsonNode found = message.get("method");
            if (method.equals(found == null ? "answer" : found.asString())) {
                return message;
            }
        }
    }

    JsonNode answer() throws InterruptedException {
        return next("answer");
    }

    /** A message that is there already. */
    @Nullable
    JsonNode poll() {
        messages.removeIf(Caller::isOfUplink);
        return messages.poll();
    }

    int closeCode() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            messages.add(Json.MAPPER.readTree(text.toString()));
            text.setLength(0);
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete(1006);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
