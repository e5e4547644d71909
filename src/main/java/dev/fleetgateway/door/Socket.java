package dev.fleetgateway.door;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.Cursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
    private final Visit visit;
    private final SocketSeat seat;
    private final StringBuilder message = new StringBuilder();
    private final AtomicReference<@Nullable CloseStatus> closing = new AtomicReference<>();
    private final AtomicBoolean slow = new AtomicBoolean();
    private final AtomicReference<@Nullable String> stale = new AtomicReference<>();
    private final AtomicLong staleMarks = new AtomicLong();
    private @Nullable String staleAsked;
    private long messageBytes;
    private int malformed;
    private volatile long heardAt;

    Socket(WebSocketSession session, SocketRoom room) {
        this.session = session;
        this.room = room;
        SocketLimits limits = room.limits();
        this.outbox = new Outbox(room.feed(), limits.controlMessages(), limits.controlBytes());
        this.calls = new SocketCalls(room.commands(), limits.callsInFlight());
        this.visit = Callers.of(session.getPrincipal(), session.getRemoteAddress());
        this.seat = new SocketSeat(room.leases(), this::say);
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

    /** Closes it, with the first status given. Leases that were acquired here live on to the end of their window. */
    void end(CloseStatus status) {
        if (closing.compareAndSet(null, status)) {
            calls.close();
            outbox.nudge();
        }
    }

    /** Its caller closed it, or it was lost: unless the gateway had closed it before, nobody is present here any more. */
    void closedByCaller(CloseStatus status) {
        if (closing.compareAndSet(null, status)) {
            seat.leave();
            calls.close();
            outbox.nudge();
        }
    }

    /**
     * The gateway stood still: what was sent here meanwhile is out of date and is not done, stops excepted. Whatever comes before the
     * answer to a ping sent now was sent before that ping was read.
     */
    void dropStale() {
        String mark = "stale-" + staleMarks.incrementAndGet();
        stale.set(mark);
        outbox.nudge();
    }

    /** The other end has answered a ping. */
    void pong(ByteBuffer payload) {
        heard();
        String mark = stale.get();
        if (mark != null
                && StandardCharsets.UTF_8.decode(payload.duplicate()).toString().equals(mark)) {
            stale.compareAndSet(mark, null);
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

    Visit visit() {
        return visit;
    }

    SocketSeat seat() {
        return seat;
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
            if (stale.get() != null && SocketMethods.MOVES.contains(request.method())) {
                throw new ProblemException(Problem.of(
                                ProblemCode.LEASE_LOST,
                                "The gateway stood still; what was sent meanwhile is dropped, and leases have ended."
                                        + " Nothing was sent.")
                        .outcome(Outcome.NOT_SENT));
            }
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
            closedByCaller(CloseStatus.SESSION_NOT_RELIABLE);
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
            String mark = stale.get();
            if (mark != null && !mark.equals(staleAsked)) {
                staleAsked = mark;
                session.sendMessage(new PingMessage(ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8))));
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
