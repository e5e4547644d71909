package dev.fleetgateway.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.fleetgateway.time.FakeTime;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemNetworksTests {

    private static final Networks.Interface LO = up("lo", 1, true, false, "127.0.0.1/8", "::1/128");
    private static final Networks.Interface ETH = up("eth0", 2, false, false, "10.0.0.5/24");
    private static final Networks.Interface VPN = up("wg0", 3, false, true, "10.9.0.2/24");

    private final FakeTime time = new FakeTime();
    private volatile @Nullable List<Networks.Interface> host = List.of(LO, ETH, VPN);
    private @Nullable SystemNetworks networks;

    @AfterEach
    void close() {
        if (networks != null) {
            networks.close();
        }
    }

    @Test
    void whatIsOnLinkIsEveryNetworkButThoseBehindATunnel() {
        assertThat(names(start(false).onLink())).isEqualTo("lo lo eth0");
    }

    @Test
    void inAClusterNothingIsOnLinkButLoopback() {
        assertThat(names(start(true).onLink())).isEqualTo("lo lo");
        assertThat(start(true).interfaces()).containsExactly(LO, ETH, VPN);
    }

    @Test
    void aFreshLookSeesAtOnceWhatTheLastOneCouldNot() {
        SystemNetworks networks = start(false);
        host = List.of(LO);

        assertThat(names(networks.onLink())).isEqualTo("lo lo eth0");
        assertThat(names(networks.look())).isEqualTo("lo lo");
        assertThat(names(networks.onLink())).isEqualTo("lo lo");
    }

    @Test
    void aListenerIsToldOfEachChangeAndOfNothingElse() {
        SystemNetworks networks = start(false);
        AtomicInteger told = new AtomicInteger();
        networks.listen(told::incrementAndGet);

        second(networks);
        second(networks);
        assertThat(told).hasValue(0);

        host = List.of(LO, ETH);
        second(networks);
        await().untilAtomic(told, equalTo(1));

        host = List.of(LO, up("eth0", 2, false, false, "10.0.0.6/24"));
        second(networks);
        await().untilAtomic(told, equalTo(2));
    }

    @Test
    void anInterfaceMadeAgainUnderItsNameIsAChange() {
        SystemNetworks networks = start(false);
        AtomicInteger told = new AtomicInteger();
        networks.listen(told::incrementAndGet);

        host = List.of(LO, up("eth0", 7, false, false, "10.0.0.5/24"), VPN);
        second(networks);

        await().untilAtomic(told, equalTo(1));
    }

    @Test
    void aListenerThatFailsKeepsNobodyElseInTheDark() {
        SystemNetworks networks = start(false);
        AtomicInteger told = new AtomicInteger();
        networks.listen(() -> {
            throw new IllegalStateException("as the test says");
        });
        networks.listen(told::incrementAndGet);

        host = List.of();
        second(networks);

        await().untilAtomic(told, equalTo(1));
    }

    @Test
    void whenTheInterfacesCannotBeListedNothingIsOnLinkUntilTheyCan() {
        SystemNetworks networks = start(false);
        host = null;
        assertThat(networks.look()).isEmpty();

        host = List.of(ETH);
        assertThat(names(networks.look())).isEqualTo("eth0");
    }

    @Test
    void theHostsOwnInterfacesAreListed() {
        try (SystemNetworks own = new SystemNetworks(time)) {
            assertThat(own.interfaces()).anySatisfy(each -> {
                assertThat(each.loopback()).isTrue();
                assertThat(each.tunnel()).isFalse();
                assertThat(each.addresses())
                        .anyMatch(network -> network.address().getHostAddress().equals("127.0.0.1"));
            });
        }
    }

    @Test
    void afterItsCloseNothingIsLookedAtAgain() {
        SystemNetworks networks = start(false);
        networks.close();
        time.advance(Duration.ofSeconds(1));

        assertThat(time.pendingTimers()).isEmpty();
    }

    private SystemNetworks start(boolean inCluster) {
        networks = new SystemNetworks(time, this::list, inCluster);
        return networks;
    }

    private List<Networks.Interface> list() throws SocketException {
        List<Networks.Interface> now = host;
        if (now == null) {
            throw new SocketException("as the test says");
        }
        return now;
    }

    // The look is on a thread of its own, and the next one is timed when it is over.
    private void second(SystemNetworks networks) {
        time.advance(Duration.ofSeconds(1));
        await().until(() -> time.pendingTimers().size() == 1 && networks == this.networks);
    }

    private static Networks.Interface up(
            String name, int index, boolean loopback, boolean tunnel, String... addresses) {
        List<Networks.Network> networks = Arrays.stream(addresses)
                .map(Networks.Network::parse)
                .map(network -> new Networks.Network(name, network.address(), network.prefix()))
                .toList();
        return new Networks.Interface(name, index, loopback, !loopback, tunnel, networks);
    }

    private static String names(List<Networks.Network> networks) {
        return String.join(" ", networks.stream().map(Networks.Network::name).toList());
    }
}
