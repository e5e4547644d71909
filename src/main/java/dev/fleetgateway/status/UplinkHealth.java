package dev.fleetgateway.status;

import dev.fleetgateway.uplink.Uplink;
import dev.fleetgateway.uplink.UplinkWatch;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The gateway's own way to the internet. It is never down: what is on the LAN goes on without it, and a restart mends nothing. */
final class UplinkHealth implements HealthIndicator {

    private final UplinkWatch watch;

    UplinkHealth(UplinkWatch watch) {
        this.watch = watch;
    }

    @Override
    public Health health() {
        Uplink now = watch.now();
        return Health.up()
                .withDetail("state", now.state())
                .withDetail("since", now.since())
                .withDetail("reason", now.reason())
                .build();
    }
}
