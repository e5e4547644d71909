package dev.fleetgateway.status;

import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.time.Time;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the room together and begins to listen. */
@Configuration(proxyBeanMethods = false)
class StatusRoom {

    // Two polls of five seconds, the longest a poll may be apart.
    private static final Duration STALE_AFTER = Duration.ofSeconds(10);

    @Bean
    Feed feed(Time time) {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return new Feed(time, HexFormat.of().formatHex(random));
    }

    @Bean
    Pictures pictures(Time time, Feed feed, Connections connections) {
        Pictures pictures = new Pictures(time, feed, owner(), STALE_AFTER);
        connections.listen(pictures);
        pictures.sweep();
        return pictures;
    }

    @Bean
    MotionWatch motionWatch(Time time, Connections connections, Pictures pictures) {
        // It listens after the pictures do: a look's finding needs a picture to go into.
        Feed feed = pictures.feed();
        MotionWatch watch = new MotionWatch(time, connections, () -> feed.readers() > 0, pictures::moved);
        connections.listen(watch);
        return watch;
    }

    @Bean
    StatusMeters statusMeters(Connections connections, Pictures pictures) {
        StatusMeters meters = new StatusMeters(new Counts(pictures), pictures.feed());
        connections.listen(meters);
        return meters;
    }

    @Bean
    MachinesHealth machinesHealthIndicator(Pictures pictures) {
        return new MachinesHealth(new Counts(pictures));
    }

    private static String owner() {
        // Kubernetes sets it to the pod's name; a name looked up in DNS could block the start.
        String host = System.getenv("HOSTNAME");
        return host == null || host.isBlank() ? "gateway-0" : host;
    }
}
