package dev.fleetgateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.network.Networks;
import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteKindsTests {

    private final RouteKinds kinds = new RouteKinds(
            () -> List.of(Networks.Network.parse("10.0.0.0/24"), Networks.Network.parse("fd00:1::/64")),
            List.of(Networks.Network.parse("10.42.0.0/16")));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, LAN",
        "::1, LAN",
        "10.0.0.7, LAN",
        "10.0.1.7, WAN",
        "10.42.9.9, LAN",
        "192.168.1.1, WAN",
        "172.16.0.1, WAN",
        "172.32.0.1, INTERNET",
        "100.64.0.1, WAN",
        "100.128.0.1, INTERNET",
        "169.254.1.1, WAN",
        "8.8.8.8, INTERNET",
        "fd00:1::7, LAN",
        "fd00:2::7, WAN",
        "fe80::1, WAN",
        "2001:db8::1, INTERNET",
    })
    void theKindIsThatOfTheObservedAddress(String address, Route.Kind kind) {
        assertThat(kinds.judge(InetAddress.ofLiteral(address)).kind()).isEqualTo(kind);
    }

    @Test
    void aNetworkThatPretendsIsTakenForWhatItSays() {
        RouteKinds pretending = new RouteKinds(
                () -> List.of(Networks.Network.parse("10.0.0.0/24")),
                List.of(),
                List.of(
                        new RouteKinds.Pretended(Networks.Network.parse("127.0.1.0/24"), Route.Kind.WAN),
                        new RouteKinds.Pretended(Networks.Network.parse("10.0.0.7/32"), Route.Kind.INTERNET)));
        assertThat(pretending.judge(InetAddress.ofLiteral("127.0.0.1")).kind()).isEqualTo(Route.Kind.LAN);
        assertThat(pretending.judge(InetAddress.ofLiteral("127.0.1.9")).kind()).isEqualTo(Route.Kind.WAN);
        assertThat(pretending.judge(InetAddress.ofLiteral("10.0.0.7")).kind()).isEqualTo(Route.Kind.INTERNET);
        assertThat(pretending.judge(InetAddress.ofLiteral("10.0.0.8")).kind()).isEqualTo(Route.Kind.LAN);
    }

    @Property
    void aNetworkHoldsExactlyTheAddressesWithItsPrefix(
            @ForAll int address, @ForAll int other, @ForAll @IntRange(max = 32) int prefix) throws Exception {
        Networks.Network network = new Networks.Network("net", ip(address), prefix);
        int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
        assertThat(network.contains(ip(other))).isEqualTo((address & mask) == (other & mask));
        assertThat(network.contains(ip(address))).isTrue();
    }

    private static InetAddress ip(int bits) throws Exception {
        return InetAddress.getByAddress(
                new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
    }
}
