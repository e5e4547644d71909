package dev.fleetgateway.door;

import java.io.IOException;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's HTTP/1.1, in which a request can be asked whether its caller is still there. Public, since Tomcat knows it by its
 * class name.
 */
public final class DoorProtocol extends Http11NioProtocol {

    @Override
    protected Processor createProcessor() {
        return new LinedProcessor(this);
    }

    private static final class LinedProcessor extends Http11Processor {

        LinedProcessor(DoorProtocol protocol) {
            super(protocol, protocol.getAdapter());
        }

        @Override
        public SocketState service(SocketWrapperBase<?> connection) throws IOException {
            return Line.during(connection, () -> super.service(connection));
        }
    }
}
