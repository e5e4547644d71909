package dev.fleetgateway.door;

import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.Cursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * One open socket. The container's thread reads and hands on; one virtual thread writes, and so it alone waits for a reader
 * that is slow.
 */
final class Socket implements Streams.Stream {

    private static final Logger log = LoggerFactory.getLogger(Socket.class);

    private final WebSocketSession session;
    private final SocketRoom room;
    private final Outbox outbox;
    private final SocketCalls calls;
    private final String caller;
    private final StringBuilder message = new StringBuilder();
    private final AtomicReference<@Nullable CloseStatus> closing = new AtomicReference<>();
    private final AtomicBoolean slow = new AtomicBoolean();
    private long messageBytes;
    private int malformed;
    private volatile long heardAt;

    Socket(WebSocketSession session, SocketRoom room) {
        this.session = session;
        this.room = room;
        SocketLimits limits = room.limits();
        this.outbox = new Outbox(room.feed(), limits.controlMessages(), limits.controlBytes());
        this.calls = new SocketCalls(room.commands(), limits.callsInFlight());
        this.caller = Callers.name(session.getPrincipal());
        this.heardAt = room.time().nanos();
    }

    /** Says hello and begins to write. */
    void open() {
        say(RpcReply.notification("hello", Json.bytes(hello())));
        room.streams().add(this);
        Thread.ofVirtual().name("socket-" + session.getId()).start(this::write);
    }

    /** A text message from the caller, or a part of one. Only the container's thread comes here. */
    void received(TextMessage part) {
        if (closing.get() != null) {
            return;
        }
        messageBytes += part.asBytes().length;
        if (messageBytes > room.limits().messageBytes()) {
            end(CloseStatus.TOO_BIG_TO_PROCESS.withReason(
                    "a message may have %d bytes".formatted(room.limits().messageBytes())));
            return;
        }
        message.append(part.getPayload());
        if (part.isLast()) {
            String text = message.toString();
            message.setLength(0);
            message.trimToSize();
            messageBytes = 0;
            request(text);
        }
    }

    /** The other end is there. */
    void heard() {
        heardAt = room.time().nanos();
    }

    /** Closes it, with the first status given. */
    void end(CloseStatus status) {
        if (closing.compareAndSet(null, status)) {
            calls.close();
            outbox.nudge();
        }
    }

    /** Has a message written; a socket whose caller does not read as fast as it asks is given up. */
    void say(byte[] json) {
        if (!outbox.offer(json)) {
            tooSlow();
        }
    }

    /** Follows the feed from now on, after the given answer. */
    void follow(Selector chosen, @Nullable Cursor since, byte @Nullable [] answer) {
        if (!outbox.follow(chosen, since, answer)) {
            tooSlow();
        }
    }

    @Override
    public void goAway(Duration within) {
        say(RpcReply.notification(
                "goaway", Json.bytes(Map.of("reason", "draining", "withinMillis", within.toMillis()))));
        room.time().after(within, () -> end(CloseCodes.DRAINING));
    }

    Outbox outbox() {
        return outbox;
    }

    SocketCalls calls() {
        return calls;
    }

    String caller() {
        return caller;
    }

    private void request(String text) {
        RpcRequest request;
        try {
            request = RpcRequest.parse(text);
            malformed = 0;
        } catch (RpcRequest.Malformed e) {
            say(RpcReply.refused(e.id(), e.toRpc()));
            if (++malformed >= room.limits().malformedInARow()) {
                end(CloseCodes.BAD_FRAME.withReason("%d messages in a row were no requests".formatted(malformed)));
            }
            return;
        }
        String id = request.id();
        byte[] answer = answer(request, id == null ? "null" : id);
        if (answer != null && id != null) {
            say(answer);
        }
    }

    private byte @Nullable [] answer(RpcRequest request, String id) {
        try {
            byte[] result = room.methods().handle(this, request);
            return result == null ? null : RpcReply.result(id, result);
        } catch (RpcException e) {
            return RpcReply.refused(id, e);
        } catch (ProblemException e) {
            return RpcReply.problem(id, e.problem());
        } catch (RuntimeException e) {
            log.error("A request on a socket failed in an unforeseen way", e);
            return RpcReply.problem(id, Problem.of(ProblemCode.INTERNAL, "The gateway failed; its log says more"));
        }
    }

    private void tooSlow() {
        if (slow.compareAndSet(false, true)) {
            room.feed().countDropped();
        }
        end(CloseCodes.TOO_SLOW);
    }

    private void write() {
        try {
            writeUntilClosing();
        } catch (IOException | IllegalStateException e) {
            log.debug("Socket {} cannot be written to", session.getId(), e);
            if (SlowReader.isWhy(e)) {
                tooSlow();
            }
            end(CloseStatus.SESSION_NOT_RELIABLE);
        } catch (InterruptedException _) {
            end(CloseStatus.GOING_AWAY);
        } finally {
            outbox.close();
            calls.close();
            room.streams().remove(this);
            close();
        }
    }

    private void writeUntilClosing() throws IOException, InterruptedException {
        Duration heartbeat = room.limits().heartbeat();
        long askedAt = room.time().nanos();
        while (closing.get() == null) {
            Duration rest = heartbeat.minus(room.time().since(askedAt));
            Outbox.Item item = rest.isPositive() ? outbox.take(rest) : null;
            switch (item) {
                case null -> {}
                case Outbox.Control control -> session.sendMessage(new TextMessage(control.json()));
                case Outbox.News(var frame) -> session.sendMessage(new TextMessage(RpcReply.notification(frame)));
            }
            if (room.time().since(askedAt).compareTo(heartbeat) >= 0) {
                if (room.time().since(heardAt).compareTo(heartbeat.multipliedBy(2)) > 0) {
                    end(CloseCodes.NO_PONG);
                    return;
                }
                askedAt = room.time().nanos();
                session.sendMessage(new PingMessage(ByteBuffer.allocate(0)));
            }
        }
    }

    private void close() {
        CloseStatus status = closing.get();
        try {
            session.close(status == null ? CloseStatus.NORMAL : status);
        } catch (IOException | IllegalStateException e) {
            log.debug("Socket {} could not be closed in form", session.getId(), e);
        }
    }

    private Map<String, Object> hello() {
        SocketLimits limits = room.limits();
        Map<String, Object> allowed = new LinkedHashMap<>();
        allowed.put("messageBytes", limits.messageBytes());
        allowed.put("callsInFlight", limits.callsInFlight());
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("server", "fleet-gateway");
        hello.put("epoch", room.feed().epoch());
        hello.put("heartbeatMillis", limits.heartbeat().toMillis());
        hello.put("limits", allowed);
        return hello;
    }
}
