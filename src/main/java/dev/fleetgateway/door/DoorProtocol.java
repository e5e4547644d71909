package dev.fleetgateway.door;

import dev.fleetgateway.time.Time;
import java.io.IOException;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's HTTP/1.1, in which a stop always finds a connection, and a request can be asked whether its caller is still there.
 * Public, since Tomcat knows it by its class name.
 */
public final class DoorProtocol extends Http11NioProtocol {

    private final DoorEndpoint endpoint;

    public DoorProtocol() {
        this(new DoorEndpoint());
    }

    private DoorProtocol(DoorEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /** Tells it the time, which Tomcat does not know to hand to what it makes. */
    void setTime(Time time) {
        endpoint.setTime(time);
    }

    /** Its connections. */
    DoorEndpoint connections() {
        return endpoint;
    }

    @Override
    protected Processor createProcessor() {
        return new DoorProcessor(this);
    }

    private static final class DoorProcessor extends Http11Processor {

        private final DoorEndpoint endpoint;

        DoorProcessor(DoorProtocol protocol) {
            super(protocol, protocol.getAdapter());
            this.endpoint = protocol.endpoint;
        }

        @Override
        public SocketState service(SocketWrapperBase<?> connection) throws IOException {
            endpoint.serves(connection, request);
            try {
                return Line.during(connection, () -> super.service(connection));
            } finally {
                endpoint.hasServed(connection);
            }
        }
    }
}
