package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.FailureKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Dials by WebRTC in numbers. Each connection made costs a little memory for good, so they are counted. */
@Component
final class WebRtcMeters {

    private final MeterRegistry registry;
    private final Counter made;

    WebRtcMeters(MeterRegistry registry) {
        this.registry = registry;
        this.made = Counter.builder("gateway.webrtc.connections")
                .description("Native connections made since the start; each costs a little memory for good")
                .register(registry);
    }

    void made() {
        made.increment();
    }

    void opened() {
        ended("ok");
    }

    /** Given up by our own side, such as when another way was sooner. */
    void abandoned() {
        ended("abandoned");
    }

    void failed(FailureKind kind) {
        ended(kind.name().toLowerCase(Locale.ROOT));
    }

    private void ended(String result) {
        registry.counter("gateway.webrtc.dials", "result", result).increment();
    }
}
