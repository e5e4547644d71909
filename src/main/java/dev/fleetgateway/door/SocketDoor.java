package dev.fleetgateway.door;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/** Leads what the container says of sockets to the one concerned. */
final class SocketDoor implements WebSocketHandler, SubProtocolCapable {

    static final String PROTOCOL = "fleet-gateway.v1";

    private final SocketRoom room;
    private final ConcurrentMap<String, Socket> sockets = new ConcurrentHashMap<>();

    SocketDoor(SocketRoom room) {
        this.room = room;
    }

    @Override
    public List<String> getSubProtocols() {
        return List.of(PROTOCOL);
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        limitWriting(session);
        Socket socket = new Socket(session, room);
        sockets.put(session.getId(), socket);
        socket.open();
    }

    @Override
    public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
        Socket socket = sockets.get(session.getId());
        if (socket == null) {
            return;
        }
        switch (message) {
            case TextMessage text -> socket.received(text);
            case BinaryMessage _ -> socket.end(CloseCodes.BAD_FRAME.withReason("there are no binary messages here"));
            case PongMessage pong -> socket.pong(pong.getPayload());
            default -> {}
        }
    }

    @Override
    public void handleTransportError(WebSocketSession session, Throwable exception) {
        // The container closes it after, and tells.
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        Socket socket = sockets.remove(session.getId());
        if (socket != null) {
            socket.closedByCaller(status);
        }
    }

    /** The gateway stood still: what lies in the sockets was sent to somebody who was not there. */
    void stoodStill() {
        sockets.values().forEach(Socket::dropStale);
    }

    /** Parts are put together here, with a limit: the container would set the largest message aside for every socket. */
    @Override
    public boolean supportsPartialMessages() {
        return true;
    }

    private void limitWriting(WebSocketSession session) {
        jakarta.websocket.Session container = session instanceof NativeWebSocketSession known
                ? known.getNativeSession(jakarta.websocket.Session.class)
                : null;
        if (container != null) {
            // Tomcat reads it before each message.
            container
                    .getUserProperties()
                    .put(
                            "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT",
                            room.limits().writeTimeout().toMillis());
        }
    }
}
