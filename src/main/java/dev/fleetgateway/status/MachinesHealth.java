package dev.fleetgateway.status;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** How many machines are how. It is never down: a machine that is away is no illness of the gateway. */
final class MachinesHealth implements HealthIndicator {

    private final Counts counts;

    MachinesHealth(Counts counts) {
        this.counts = counts;
    }

    @Override
    public Health health() {
        return Health.up()
                .withDetail("connection", counts.by(Counts::connection))
                .withDetail("sync", counts.by(Counts::sync))
                .build();
    }
}
