package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.session.MachineSession;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import org.springframework.stereotype.Component;

/** Leases, beats and stops in numbers. */
@Component
final class LeaseMeters implements MachineSession.Beats, Leases.Listener {

    private final MeterRegistry registry;

    LeaseMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(IntSupplier held) {
        Gauge.builder("gateway.leases", held, IntSupplier::getAsInt)
                .description("Leases held now, implicit ones included")
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void beaten(String result) {
        registry.counter("gateway.session.beats", "result", result).increment();
    }

    @Override
    public void changed(String machine) {
        // The gauge looks for itself.
    }

    @Override
    public void stopped(StopReport report, Visit by, String reason) {
        registry.counter("gateway.stops", "outcome", report.outcome().name()).increment();
    }
}
