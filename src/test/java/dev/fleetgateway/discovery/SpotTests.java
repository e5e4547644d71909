package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.network.Networks;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpotTests {

    private static final Networks.Interface LO = up("lo", true, false, false, "127.0.0.1/8", "127.0.0.9/8", "::1/128");
    private static final Networks.Interface ETH =
            up("eth0", false, true, false, "10.0.0.5/24", "10.0.1.5/24", "fe80::1/64");
    private static final Networks.Interface VPN = up("wg0", false, true, true, "10.9.0.2/24");
    private static final Networks.Interface DEAF = up("deaf0", false, false, false, "10.8.0.2/24");
    private static final List<Networks.Interface> ALL = List.of(LO, ETH, VPN, DEAF);

    @Test
    void unlessToldWhereItIsLoopbackAndEveryAddressOfWhatCanAndIsNoTunnel() {
        assertThat(spots()).containsExactly("127.0.0.1 at lo", "10.0.0.5 at eth0", "10.0.1.5 at eth0");
    }

    @Test
    void whoIsToldWhereIsNowhereElse() {
        assertThat(spots("eth0")).containsExactly("10.0.0.5 at eth0", "10.0.1.5 at eth0");
        assertThat(spots("10.0.1.5")).containsExactly("10.0.1.5 at eth0");
        assertThat(spots("lo")).containsExactly("127.0.0.1 at lo");
        assertThat(spots("127.0.0.1")).containsExactly("127.0.0.1 at lo");
        assertThat(spots("wg0", "deaf0")).containsExactly("10.9.0.2 at wg0", "10.8.0.2 at deaf0");
        assertThat(spots("eth1")).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamed() {
        var named = List.of("eth0", "eth1", "10.0.1.5", "10.7.7.7");
        assertThat(Spot.missing(Spot.among(ALL, named), named)).containsExactly("eth1", "10.7.7.7");
    }

    @Test
    void thereAreOnlySoMany() {
        List<Networks.Interface> many = IntStream.range(0, 200)
                .mapToObj(i -> up("eth" + i, false, true, false, "10.0." + i + ".1/24"))
                .toList();
        assertThat(Spot.among(many, List.of())).hasSize(Spot.MOST);
    }

    private static List<String> spots(String... named) {
        return Spot.among(ALL, List.of(named)).stream().map(Spot::toString).toList();
    }

    private static Networks.Interface up(
            String name, boolean loopback, boolean multicast, boolean tunnel, String... addresses) {
        return new Networks.Interface(
                name,
                1,
                loopback,
                multicast,
                tunnel,
                Stream.of(addresses)
                        .map(Networks.Network::parse)
                        .map(network -> new Networks.Network(name, network.address(), network.prefix()))
                        .toList());
    }
}
