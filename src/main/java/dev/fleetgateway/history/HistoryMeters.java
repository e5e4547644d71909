package dev.fleetgateway.history;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The way into the store in numbers. */
final class HistoryMeters implements MeterBinder {

    private final History history;

    HistoryMeters(History history) {
        this.history = history;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("gateway.history.waiting", history, one -> one.load().waiting())
                .description("Changes that wait to be written to the database")
                .register(meters);
        FunctionCounter.builder(
                        "gateway.history.written", history, one -> one.load().written())
                .description("Changes that the database took")
                .register(meters);
        FunctionCounter.builder(
                        "gateway.history.dropped", history, one -> one.load().dropped())
                .description("Entries that the database will never have, since too many waited")
                .register(meters);
    }
}
