package dev.fleetgateway;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.MachineSettings;
import dev.fleetgateway.machine.MachineSource;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.simulator.DemoFleet;
import dev.fleetgateway.simulator.SimulatedMachine;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;

/** Profile {@code demo}: the gateway with a simulated fleet beside the configured one. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class Demo {

    private static final String BUNDLE = "demo";

    /** Trusts the authority that the simulated machines' certificates come from, which is new at each start. */
    @Bean
    SslBundleRegistrar demoTrust(DemoFleet fleet) {
        return registry -> fleet.machines().stream()
                .map(SimulatedMachine::caPem)
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(pem -> registry.registerBundle(
                        BUNDLE, SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(pem)))));
    }

    @Bean
    @Order(0)
    MachineSource demoMachines(DemoFleet fleet) {
        List<Machine> machines = fleet.machines().stream().map(Demo::machine).toList();
        return () -> machines;
    }

    private static Machine machine(SimulatedMachine simulated) {
        boolean tls = simulated.caPem().isPresent();
        MachineSettings settings = new MachineSettings(
                simulated.address(),
                null,
                simulated.labels(),
                null,
                simulated
                        .credentials()
                        .map(key -> new MachineSettings.CredentialSettings(key.id(), key.secret(), null))
                        .orElse(null),
                tls
                        ? new MachineSettings.TlsSettings(Tls.Mode.REQUIRED, simulated.serverName(), BUNDLE)
                        : new MachineSettings.TlsSettings(Tls.Mode.PLAINTEXT, null, null),
                null,
                null,
                null);
        return settings.toMachine("demo." + simulated.name(), simulated.name(), MachineSettings.NONE);
    }
}
