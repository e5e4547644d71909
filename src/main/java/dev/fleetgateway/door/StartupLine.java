package dev.fleetgateway.door;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says, once the gateway is ready, where a person finds the page. */
@Component
final class StartupLine {

    private static final Logger log = LoggerFactory.getLogger(StartupLine.class);

    private final ServerProperties server;

    StartupLine(ServerProperties server) {
        this.server = server;
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            String scheme = Ssl.isEnabled(server.getSsl()) ? "https" : "http";
            log.info(
                    "The fleet is at {}://{}:{}/",
                    scheme,
                    host(),
                    web.getWebServer().getPort());
        }
    }

    private String host() {
        InetAddress address = server.getAddress();
        if (address == null || address.isAnyLocalAddress()) {
            return "localhost";
        }
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
