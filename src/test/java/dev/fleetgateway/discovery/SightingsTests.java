package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SightingsTests {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private final Sightings sightings = new Sightings();
    private final Said eth = new Said("eth0", false);
    private final Said lo = new Said("lo", true);
    private final List<String> told = new ArrayList<>();

    /** What is said at a place, as the test says. */
    private static final class Said implements Heard {

        private final String network;
        private final boolean loopback;
        private final Map<String, Service> services = new HashMap<>();
        private final Map<String, Map<String, Instant>> addresses = new HashMap<>();

        Said(String network, boolean loopback) {
            this.network = network;
            this.loopback = loopback;
        }

        Said service(String name, String host, int port) {
            services.put(name, new Service(host, port, true));
            return this;
        }

        Said address(String host, String ip, Instant at) {
            addresses.computeIfAbsent(host, _ -> new LinkedHashMap<>()).put(ip, at);
            return this;
        }

        @Override
        public String network() {
            return network;
        }

        @Override
        public boolean loopback() {
            return loopback;
        }

        @Override
        public Optional<Service> service(String name) {
            return Optional.ofNullable(services.get(name));
        }

        @Override
        public List<Address> addresses(String host) {
            return addresses.getOrDefault(host, Map.of()).entrySet().stream()
                    .map(each -> new Address((Inet4Address) InetAddress.ofLiteral(each.getKey()), each.getValue()))
                    .toList();
        }
    }

    @BeforeEach
    void open() {
        sightings.opened(eth);
        sightings.opened(lo);
        sightings.listen(told::add);
    }

    @Test
    void bothHostsOfANameCountThoughOnlyTheLastSaidIsKnown() {
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        sightings.changed(eth, "rover");
        eth.service("rover", "rover.local.", 41_234)
                .address("rover.local.", "10.0.0.7", NOON)
                .address("rover.local.", "172.17.0.1", NOON);
        sightings.changed(eth, "rover");

        assertThat(sockets("rover")).containsExactlyInAnyOrder("10.0.0.7:41234", "172.17.0.1:41234");
        assertThat(told).containsExactly("rover", "rover");
    }

    @Test
    void nothingIsToldUntilThereIsAnAddressNorWhenItIsSaidAgain() {
        eth.service("rover", "host.local.", 41_234);
        sightings.changed(eth, "rover");
        assertThat(told).isEmpty();
        assertThat(sightings.all()).isEmpty();

        eth.address("host.local.", "10.0.0.7", NOON);
        sightings.addressed(eth, "host.local.");
        assertThat(told).containsExactly("rover");

        eth.address("host.local.", "10.0.0.7", NOON.plusSeconds(60));
        sightings.addressed(eth, "host.local.");
        assertThat(told).containsExactly("rover");
        assertThat(of("rover").getFirst().seenAt()).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void newsThatSomebodyFoundByAskingIsToldAllTheSame() {
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        sightings.changed(eth, "rover");
        eth.service("rover", "host.local.", 41_235);
        assertThat(sockets("rover")).containsExactly("10.0.0.7:41235");
        told.clear();

        sightings.changed(eth, "rover");
        assertThat(told).containsExactly("rover");
    }

    @Test
    void aNewPortReplacesTheOldOneAtBothHosts() {
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        sightings.changed(eth, "rover");
        eth.service("rover", "rover.local.", 41_235).address("rover.local.", "10.0.0.8", NOON);
        sightings.changed(eth, "rover");

        assertThat(sockets("rover")).containsExactly("10.0.0.8:41235");
    }

    @Test
    void anAddressOutlivesItsRecordForAsLongAsTheNameIsThere() {
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        sightings.changed(eth, "rover");
        eth.addresses.clear();
        assertThat(of("rover")).extracting(Sighting::seenAt).containsExactly(NOON);

        eth.services.clear();
        assertThat(of("rover")).isEmpty();
    }

    @Test
    void anAddressThatTheHostDoesNotNameAnyMoreIsGone() {
        eth.service("rover", "host.local.", 41_234)
                .address("host.local.", "10.0.0.7", NOON)
                .address("host.local.", "10.0.0.8", NOON);
        sightings.changed(eth, "rover");
        eth.addresses.clear();
        eth.address("host.local.", "10.0.0.8", NOON.plusSeconds(60));

        assertThat(sockets("rover")).containsExactly("10.0.0.8:41234");
    }

    @Test
    void loopbackCountsOnlyWhereOnlyThisHostIsHeard() {
        for (Said said : List.of(eth, lo)) {
            said.service("rover", "host.local.", 41_234).address("host.local.", "127.0.0.1", NOON);
            sightings.changed(said, "rover");
        }
        assertThat(of("rover")).extracting(Sighting::network).containsExactly("lo");
    }

    @Test
    void whatIsNoHostsAddressCountsNowhere() {
        for (String ip : List.of("0.0.0.0", "224.0.0.251", "255.255.255.255")) {
            eth.address("host.local.", ip, NOON);
        }
        eth.service("rover", "host.local.", 41_234);
        sightings.changed(eth, "rover");
        assertThat(sightings.all()).isEmpty();
    }

    @Test
    void anAddressSeenAtTwoNetworksIsOneWayAndTwoSightings() {
        Said wlan = new Said("wlan0", false);
        sightings.opened(wlan);
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        wlan.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON.plusSeconds(1));
        sightings.changed(eth, "rover");
        sightings.changed(wlan, "rover");

        assertThat(of("rover")).extracting(Sighting::network).containsExactly("wlan0");
        assertThat(sightings.all()).extracting(Sighting::network).containsExactlyInAnyOrder("eth0", "wlan0");
    }

    @Test
    void whatWasHeardAtAPlaceThatIsGoneIsGoneAndToldOnce() {
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        sightings.changed(eth, "rover");
        told.clear();

        sightings.closed(eth);
        assertThat(told).containsExactly("rover");
        assertThat(sightings.all()).isEmpty();

        sightings.changed(eth, "rover");
        assertThat(sightings.all()).isEmpty();
    }

    @Test
    void aNameThatIsGoneIsToldAndAnUnknownOneIsNot() {
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        sightings.changed(eth, "rover");
        told.clear();

        sightings.gone(eth, "rover");
        sightings.gone(eth, "rover");
        sightings.gone(eth, "other");
        assertThat(told).containsExactly("rover");
    }

    @Test
    void oneNameCannotBringMoreThanSoManyAddresses() {
        eth.service("rover", "host.local.", 41_234);
        for (int i = 0; i < 200; i++) {
            eth.address("host.local.", "10.0.0." + i, NOON);
        }
        sightings.changed(eth, "rover");
        for (int host = 0; host < 20; host++) {
            eth.service("rover", "h" + host + ".local.", 41_234)
                    .address("h" + host + ".local.", "10.1.0." + host, NOON);
            sightings.changed(eth, "rover");
        }
        assertThat(of("rover")).hasSizeLessThanOrEqualTo(Announcement.MOST_ADDRESSES);
    }

    @Test
    void soManyNamesAreKeptAndThoseThatGoMakeRoom() {
        eth.address("host.local.", "10.0.0.7", NOON);
        for (int i = 0; i <= Sightings.MOST_NAMES; i++) {
            eth.service("rover" + "x".repeat(i % 3) + "-" + i + "-", "host.local.", 41_234);
            sightings.changed(eth, "rover" + "x".repeat(i % 3) + "-" + i + "-");
        }
        assertThat(sightings.all()).hasSize(Sightings.MOST_NAMES);

        eth.service("late", "host.local.", 41_234);
        sightings.changed(eth, "late");
        assertThat(of("late")).isEmpty();

        sightings.gone(eth, "rover-0-");
        sightings.changed(eth, "late");
        assertThat(of("late")).hasSize(1);
    }

    @Test
    void aListenerThatFailsKeepsNobodyElseInTheDark() {
        Sightings fresh = new Sightings();
        fresh.opened(eth);
        fresh.listen(_ -> {
            throw new IllegalStateException("as the test says");
        });
        fresh.listen(told::add);
        eth.service("rover", "host.local.", 41_234).address("host.local.", "10.0.0.7", NOON);
        fresh.changed(eth, "rover");
        assertThat(told).containsExactly("rover");
    }

    private List<Sighting> of(String name) {
        return sightings.of(MachineName.parse(name).orElseThrow());
    }

    private List<String> sockets(String name) {
        return of(name).stream()
                .map(sighting -> sighting.socket().getAddress().getHostAddress() + ":"
                        + sighting.socket().getPort())
                .toList();
    }
}
