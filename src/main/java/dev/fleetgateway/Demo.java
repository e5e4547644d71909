package dev.fleetgateway;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.MachineSettings;
import dev.fleetgateway.machine.MachineSource;
import dev.fleetgateway.machine.SignalingSettings;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.route.Names;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.route.RouteSettings;
import dev.fleetgateway.simulator.DemoFleet;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.SimulatedCloud;
import dev.fleetgateway.simulator.SimulatedMachine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;

/** Profile {@code demo}: the gateway with a simulated fleet beside the configured one. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class Demo {

    private static final String BUNDLE = "demo";
    private static final String CLOUD_BUNDLE = "demo-cloud";
    private static final String NAMES = ".viam.cloud";

    /** Trusts the authorities that the certificates of the simulated machines and of their cloud come from, new at each start. */
    @Bean
    SslBundleRegistrar demoTrust(DemoFleet fleet) {
        return registry -> {
            fleet.machines().stream()
                    .map(SimulatedMachine::caPem)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(pem -> registry.registerBundle(BUNDLE, trusting(pem)));
            registry.registerBundle(CLOUD_BUNDLE, trusting(fleet.cloud().caPem()));
        };
    }

    private static SslBundle trusting(String pem) {
        return SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(pem)));
    }

    @Bean
    @Order(0)
    MachineSource demoMachines(DemoFleet fleet) {
        List<Machine> machines = fleet.machines().stream()
                .map(simulated -> machine(simulated, fleet.cloud()))
                .toList();
        return () -> machines;
    }

    /** All is on one host: another address of loopback stands for a network behind the gateway's own, and the host's own for the internet. */
    @Bean
    @Primary
    RouteKinds demoRouteKinds(Networks networks, RouteSettings settings) {
        List<RouteKinds.Pretended> pretended = new ArrayList<>();
        pretended.add(new RouteKinds.Pretended(Networks.Network.parse(DemoFleet.FIELD), Route.Kind.WAN));
        for (Networks.Network own : networks.onLink()) {
            if (!own.address().isLoopbackAddress()) {
                String address = own.address().getHostAddress();
                pretended.add(new RouteKinds.Pretended(
                        new Networks.Network(
                                address, own.address(), own.address().getAddress().length * 8),
                        Route.Kind.INTERNET));
            }
        }
        return new RouteKinds(networks, settings.networks(), pretended);
    }

    /** Asks no real server for the names of machines that are not there. */
    @Bean
    Names.Lookup demoNames() {
        return host -> {
            if (host.endsWith(NAMES)) {
                throw new UnknownHostException(host);
            }
            return InetAddress.getAllByName(host);
        };
    }

    private static Machine machine(SimulatedMachine simulated, SimulatedCloud cloud) {
        MachineSpec spec = simulated.spec();
        boolean signaled = spec.webRtc() && spec.managed();
        boolean named = signaled || !spec.mdns().isEmpty();
        // Behind the other network there is nothing to be found, so that its address is told beside its name.
        boolean told =
                !signaled || Networks.Network.parse(DemoFleet.FIELD).contains(InetAddress.ofLiteral(spec.host()));
        MachineSettings settings = new MachineSettings(
                named ? simulated.serverName() : simulated.address(),
                named && told ? List.of(simulated.address()) : null,
                simulated.labels(),
                null,
                simulated
                        .credentials()
                        .map(key -> new MachineSettings.CredentialSettings(key.id(), key.secret(), null))
                        .orElse(null),
                spec.tls()
                        ? new MachineSettings.TlsSettings(Tls.Mode.REQUIRED, simulated.serverName(), BUNDLE)
                        : new MachineSettings.TlsSettings(Tls.Mode.PLAINTEXT, null, null),
                null,
                null,
                signaled
                        ? new SignalingSettings(
                                cloud.address(),
                                new MachineSettings.TlsSettings(Tls.Mode.REQUIRED, null, CLOUD_BUNDLE),
                                List.of(),
                                null)
                        : null);
        return settings.toMachine("demo." + simulated.name(), simulated.name(), MachineSettings.NONE);
    }
}
