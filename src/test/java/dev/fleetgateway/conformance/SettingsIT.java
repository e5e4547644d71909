package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same machine under settings that do not fit it: each misfit is told from the others. */
@ParameterizedClass
@EnumSource(Protection.class)
record SettingsIT(Protection protection) {

    private static final Map<String, String> MISFITS_OF_ANY = Map.of(
            "absent", "connection refused by 127.0.0.1:1: no viam-server listens there",
            "nameless", "no address is known for nosuch.invalid");
    private static final Map<String, String> MISFITS_OF_OPEN =
            Map.of("other-protocol", "speaks plaintext, but TLS is required");
    private static final Map<String, String> MISFITS_OF_SECURED = Map.of(
            "other-protocol", "it may require TLS: tls.mode is PLAINTEXT for this machine",
            "other-name", "is not good for other.test.viam.cloud",
            "other-authority", "certificat",
            "other-key", "the machine did not accept API key " + MachineUnderTest.KEY_ID,
            "no-key", "the machine asks for credentials, and none are configured");

    private static MachineUnderTest machine;
    private static GatewayUnderTest gateway;

    @BeforeParameterizedClassInvocation
    static void start(Protection protection) {
        machine = MachineUnderTest.start(protection);
        gateway = GatewayUnderTest.before(machine, settings());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
        machine.close();
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("gateway.machines.absent.address", "127.0.0.1:1");
        settings.put("gateway.machines.absent.tls.mode", "PLAINTEXT");
        settings.put("gateway.machines.nameless.address", "nosuch.invalid:8080");
        settings.put("gateway.machines.other-protocol.address", machine.address());
        if (!machine.secured()) {
            return settings;
        }
        settings.put("gateway.machines.other-protocol.tls.mode", "PLAINTEXT");
        settings.putAll(GatewayUnderTest.entry("other-name", machine));
        settings.put("gateway.machines.other-name.tls.server-name", "other.test.viam.cloud");
        settings.putAll(GatewayUnderTest.entry("other-authority", machine));
        settings.put("gateway.machines.other-authority.tls.bundle", "other");
        settings.putAll(GatewayUnderTest.entry("other-key", machine));
        settings.put("gateway.machines.other-key.credentials.key", "another-key-than-the-right-one");
        settings.putAll(GatewayUnderTest.entry("no-key", machine));
        settings.keySet().removeIf(key -> key.startsWith("gateway.machines.no-key.credentials"));
        return settings;
    }

    @Test
    void everyMisfitIsToldFromTheOthers() {
        Map<String, String> misfits = new LinkedHashMap<>(MISFITS_OF_ANY);
        misfits.putAll(machine.secured() ? MISFITS_OF_SECURED : MISFITS_OF_OPEN);
        Set<String> reasons = new LinkedHashSet<>();
        misfits.forEach((name, reason) -> {
            Timeline timeline = Timeline.of(gateway, name);
            reasons.add(timeline.awaitState("TRANSIENT_FAILURE", reason, Duration.ofSeconds(30))
                    .reason());
            timeline.assertSinceMovesWithTheStateOnly();
            assertThat(gateway.picture(name).get("route").isNull()).isTrue();
        });
        assertThat(reasons).hasSameSizeAs(misfits.keySet());
        assertThat(reasons).noneMatch(reason -> reason.contains("another-key-than-the-right-one"));
        Timeline.of(gateway, GatewayUnderTest.MACHINE).awaitReady(Duration.ofSeconds(20));
    }
}
