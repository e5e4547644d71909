package dev.fleetgateway;

import dev.fleetgateway.access.AccessSettings;
import dev.fleetgateway.cloud.CloudSettings;
import dev.fleetgateway.cloudlink.SyncSettings;
import dev.fleetgateway.command.CallSettings;
import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.discovery.Discovery;
import dev.fleetgateway.discovery.DiscoverySettings;
import dev.fleetgateway.discovery.KnownAddresses;
import dev.fleetgateway.discovery.KnownAddressesFile;
import dev.fleetgateway.discovery.MulticastDiscovery;
import dev.fleetgateway.history.HistorySettings;
import dev.fleetgateway.history.NamedDatabase;
import dev.fleetgateway.lease.LeaseSettings;
import dev.fleetgateway.machine.ConfiguredFleet;
import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.MachineSource;
import dev.fleetgateway.machine.MachinesFile;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.machine.SignalingSettings;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.problem.SettingsException;
import dev.fleetgateway.route.Candidates;
import dev.fleetgateway.route.Names;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.route.RouteSettings;
import dev.fleetgateway.session.SessionSettings;
import dev.fleetgateway.time.Time;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Hands each room its part of the settings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({GatewayProperties.class, NamedDatabase.class})
class Wiring {

    @Bean
    RouteSettings routeSettings(GatewayProperties properties) {
        return properties.route();
    }

    @Bean
    SyncSettings syncSettings(GatewayProperties properties) {
        return properties.sync();
    }

    @Bean
    CloudSettings cloudSettings(GatewayProperties properties, SslBundles bundles) {
        checkBundle("gateway.cloud.tls.bundle", properties.cloud().bundle(), bundles);
        return properties.cloud();
    }

    @Bean
    SessionSettings sessionSettings(GatewayProperties properties) {
        return properties.session();
    }

    @Bean
    LeaseSettings leaseSettings(GatewayProperties properties) {
        return properties.lease();
    }

    @Bean
    CallSettings callSettings(GatewayProperties properties) {
        return properties.call();
    }

    @Bean
    AccessSettings accessSettings(GatewayProperties properties) {
        return properties.access();
    }

    @Bean
    HistorySettings historySettings(GatewayProperties properties) {
        return properties.history();
    }

    @Bean
    WebRtcSettings webRtcSettings(GatewayProperties properties) {
        return properties.webrtc();
    }

    /** What this replica is called, in headers and pictures: the host's name, which on Kubernetes is the pod's. */
    @Bean
    String replica() {
        String host = System.getenv("HOSTNAME");
        return host == null || host.isBlank() ? "gateway-0" : host;
    }

    @Bean
    RouteKinds routeKinds(Networks networks, RouteSettings settings) {
        return new RouteKinds(networks, settings.networks());
    }

    @Bean
    Names names(ObjectProvider<Names.Lookup> lookup) {
        return new Names(lookup.getIfAvailable(() -> InetAddress::getAllByName), Thread::startVirtualThread);
    }

    @Bean
    Candidates candidates(RouteKinds kinds, Names names, Discovery discovery, KnownAddresses known) {
        return new Candidates(kinds, names, discovery, known);
    }

    @Bean
    Discovery discovery(GatewayProperties properties, Networks networks, Time time) {
        DiscoverySettings settings = properties.discovery();
        return settings.mdns() ? new MulticastDiscovery(settings, networks, time) : Discovery.NONE;
    }

    @Bean
    KnownAddresses knownAddresses(GatewayProperties properties, Time time) {
        return new KnownAddressesFile(properties.discovery(), time);
    }

    @Bean
    @Order(1)
    MachineSource machinesOfSettings(GatewayProperties properties, SslBundles bundles) {
        SignalingSettings signaling = properties.signaling();
        signaling.check("gateway.signaling");
        List<Machine> fleet = properties.machines().entrySet().stream()
                .map(entry -> entry.getValue()
                        .toMachine(
                                "gateway.machines." + entry.getKey(), entry.getKey(), properties.defaults(), signaling))
                .toList();
        if (signaling.tls() != null) {
            checkBundle("gateway.signaling.tls.bundle", signaling.tls().bundle(), bundles);
        }
        fleet.forEach(machine -> checkBundles(machine, bundles));
        return () -> fleet;
    }

    private static void checkBundles(Machine machine, SslBundles bundles) {
        String key = "gateway.machines." + machine.name();
        checkBundle(key + ".tls.bundle", machine.tls().bundle(), bundles);
        Signaling signaling = machine.signaling();
        if (signaling != null) {
            checkBundle(key + ".signaling.tls.bundle", signaling.tls().bundle(), bundles);
        }
    }

    private static void checkBundle(String key, @Nullable String bundle, SslBundles bundles) {
        if (bundle != null && !bundles.getBundleNames().contains(bundle)) {
            throw new SettingsException(
                    key,
                    "is '" + bundle + "', but there is no SSL bundle of that name; there are "
                            + bundles.getBundleNames(),
                    "Define it under spring.ssl.bundle.");
        }
    }

    @Bean(destroyMethod = "close")
    Fleet fleet(
            ObjectProvider<MachineSource> sources, GatewayProperties properties, Environment environment, Time time) {
        List<MachineSource> all = new ArrayList<>(sources.orderedStream().toList());
        if (properties.machinesFile() != null) {
            all.add(new MachinesFile(
                    properties.machinesFile(), properties.defaults(), properties.signaling(), environment));
        }
        return new ConfiguredFleet(all, time);
    }
}
