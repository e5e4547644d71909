package dev.fleetgateway.status;

import dev.fleetgateway.cloudlink.CloudLinks;
import dev.fleetgateway.command.Commands;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.motion.Errand;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.UplinkWatch;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the room together and begins to listen. */
@Configuration(proxyBeanMethods = false)
class StatusRoom {

    // Two of the longest polls and the patience with the last: missed polls are told much sooner, this is for the case
    // that
    // nothing is told at all.
    private static final Duration STALE_AFTER = Duration.ofSeconds(25);

    // What was told to stop may roll on for a moment.
    private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    @Bean
    Feed feed(Time time) {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return new Feed(time, HexFormat.of().formatHex(random));
    }

    @Bean
    Pictures pictures(
            Time time,
            Feed feed,
            Connections connections,
            Commands commands,
            Leases leases,
            CloudLinks links,
            @Qualifier("replica") String replica) {
        Pictures pictures = new Pictures(
                time,
                feed,
                replica,
                STALE_AFTER,
                name -> new Moving(commands.inFlight(name), leases.view(name).orElse(null), leases.sameAs(name)),
                links::sync);
        // After the verdicts on sync do, so that a picture shows the newest.
        connections.listen(pictures);
        links.listen(pictures::changed);
        leases.listen(pictures);
        pictures.sweep();
        return pictures;
    }

    @Bean
    MotionWatch motionWatch(Time time, Connections connections, Commands commands, Pictures pictures) {
        // It listens after the pictures do: a look's finding needs a picture to go into.
        Feed feed = pictures.feed();
        MotionWatch watch = new MotionWatch(time, connections, () -> feed.readers() > 0, pictures.findings());
        connections.listen(watch);
        pictures.afterStop(machine -> {
            watch.look(machine);
            time.after(SECOND_LOOK, () -> watch.look(machine));
        });
        pictures.afterCommand(watch::moved);
        commands.listen(new Commands.Listener() {
            @Override
            public void sent(String machine, Errand errand) {
                pictures.sent(machine, errand);
                watch.moved(machine);
            }

            @Override
            public void calledBack(String machine) {
                watch.look(machine);
            }
        });
        return watch;
    }

    @Bean
    UplinkHealth uplinkHealthIndicator(UplinkWatch uplink, Pictures pictures) {
        uplink.listen(pictures.feed()::publish);
        return new UplinkHealth(uplink);
    }

    @Bean
    StatusMeters statusMeters(Connections connections, Pictures pictures, UplinkWatch uplink, Time time) {
        StatusMeters meters = new StatusMeters(pictures, uplink::now, time);
        connections.listen(meters);
        return meters;
    }

    @Bean
    MachinesHealth machinesHealthIndicator(Pictures pictures) {
        return new MachinesHealth(new Counts(pictures));
    }
}
