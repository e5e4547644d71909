package dev.fleetgateway.door;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.command.Commands;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.status.Pictures;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;

/** Puts the news half of the room together: pictures, feed and stops. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class NewsDoor {

    // Longer than any stop takes that is repeated and looked at twice.
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    // Long enough for a page to show it, short beside the grace period of a pod.
    private static final Duration NOTICE = Duration.ofSeconds(2);

    @Bean
    Stops stops(Leases leases, Pictures pictures) {
        return new Stops(leases, pictures, STOP_PATIENCE);
    }

    @Bean
    Streams streams() {
        return new Streams(NOTICE);
    }

    @Bean
    SocketDoor socketDoor(
            Time time,
            Pictures pictures,
            Commands commands,
            Leases leases,
            Stops stops,
            Streams streams,
            ObjectProvider<SocketLimits> limits) {
        SocketDoor door = new SocketDoor(new SocketRoom(
                limits.getIfAvailable(() -> SocketLimits.DEFAULT),
                time,
                pictures.feed(),
                commands,
                leases,
                streams,
                new SocketMethods(stops, streams, new SocketLeases(leases))));
        leases.listen(new Leases.Listener() {
            @Override
            public void changed(String machine) {
                // Sockets are told by the feed.
            }

            @Override
            public void stopped(StopReport report, Visit by, String reason) {
                // Likewise.
            }

            @Override
            public void stoodStill(Duration stood) {
                door.stoodStill();
            }
        });
        return door;
    }

    @Bean
    WebSocketConfigurer sockets(SocketDoor door) {
        // Which origins may come in is decided before, for all doors alike, in access.
        return registry -> registry.addHandler(door, "/api/v1/ws").setAllowedOrigins("*");
    }
}
