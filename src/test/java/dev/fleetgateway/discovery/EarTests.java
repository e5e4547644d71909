package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.network.Networks;
import dev.fleetgateway.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a network may say, packet by packet, on loopback. */
class EarTests {

    private final SystemTime time = new SystemTime();
    private final Loopback networks = new Loopback();
    private final MulticastDiscovery discovery =
            new MulticastDiscovery(new DiscoverySettings(true, List.of(), ""), networks, time);
    private final RawAnnouncer machine = new RawAnnouncer();

    // Other tests may announce at the same time.
    private final String name = "rover-" + UUID.randomUUID();
    private final String host = "host-of-" + name + ".local";

    EarTests() throws IOException {}

    /** A host with nothing but loopback, which may go. */
    private static final class Loopback implements Networks {

        private static final Interface LO =
                new Interface("lo", indexOfLoopback(), true, false, false, List.of(Network.parse("127.0.0.1/8")));

        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private volatile List<Interface> up = List.of(LO);

        void become(List<Interface> now) {
            up = now;
            listeners.forEach(Runnable::run);
        }

        @Override
        public List<Network> onLink() {
            return List.of();
        }

        @Override
        public List<Interface> interfaces() {
            return up;
        }

        @Override
        public void listen(Runnable listener) {
            listeners.add(listener);
        }

        private static int indexOfLoopback() {
            try {
                return java.net.NetworkInterface.getByInetAddress(java.net.InetAddress.ofLiteral("127.0.0.1"))
                        .getIndex();
            } catch (java.net.SocketException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void itHears() {
        awaitHearing("ready-" + UUID.randomUUID());
    }

    @AfterEach
    void close() {
        machine.close();
        discovery.close();
        time.close();
    }

    @Test
    void bothHostsThatAreSaidOneAfterTheOtherCount() {
        machine.say(new RawAnnouncer.Answers()
                .service(name, host, 41_234)
                .text(name, "grpc", "webrtc")
                .address(host, "10.0.0.7"));
        machine.say(new RawAnnouncer.Answers()
                .service(name, name + ".local", 41_234)
                .text(name, "grpc", "webrtc")
                .address(name + ".local", "172.17.0.1"));

        await().until(() -> sockets().equals(List.of("10.0.0.7:41234", "172.17.0.1:41234")));
        assertThat(discovery.of(name)).allMatch(Sighting::webrtc);
    }

    @Test
    void aNewPortIsFollowedThoughNobodySaidGoodbyeAndNothingElseChanged() {
        for (int port = 41_001; port < 41_004; port++) {
            machine.say(new RawAnnouncer.Answers()
                    .service(name, host, port)
                    .text(name, "grpc")
                    .address(host, "10.0.0.7"));
            List<String> now = List.of("10.0.0.7:" + port);
            await().until(() -> sockets().equals(now));
        }
    }

    @Test
    void aGoodbyeIsHeardWithinASecondOrTwo() {
        machine.say(new RawAnnouncer.Answers().service(name, host, 1).address(host, "10.0.0.7"));
        await().until(() -> !sockets().isEmpty());
        machine.say(new RawAnnouncer.Answers().service(name, host, 1, 0));

        await().atMost(Duration.ofSeconds(5)).until(() -> sockets().isEmpty());
    }

    @Test
    void anAddressOfTheNextVersionDoesNotCount() {
        machine.say(new RawAnnouncer.Answers()
                .service(name, host, 41_234)
                .address(host, "fd00:1::7")
                .address(host, "10.0.0.7"));

        await().until(() -> sockets().equals(List.of("10.0.0.7:41234")));
    }

    @Test
    void withoutTheWordThereIsNoWebrtcAndWithAValueThereIs() {
        machine.say(new RawAnnouncer.Answers()
                .service(name, host, 1)
                .text(name, "grpc")
                .address(host, "10.0.0.7"));
        await().until(() -> discovery.of(name).stream().anyMatch(sighting -> !sighting.webrtc()));

        machine.say(new RawAnnouncer.Answers().text(name, "grpc=", "webrtc="));
        await().until(() -> discovery.of(name).stream().anyMatch(Sighting::webrtc));
    }

    @Test
    void aServiceThatIsNoMachinesIsPassedOver() {
        machine.say(new RawAnnouncer.Answers()
                .service("no name " + name, host, 1)
                .service("10.0.0.7", host, 1)
                .service(name, host, 0)
                .address(host, "10.0.0.7"));
        awaitHearing("after-" + name);

        assertThat(discovery.all())
                .extracting(Sighting::name)
                .noneMatch(seen -> seen.endsWith(name) && seen.startsWith("no"));
        assertThat(discovery.of(name)).isEmpty();
    }

    @Test
    void noPacketMakesItDeaf() {
        Random random = new Random(7);
        byte[] good = new RawAnnouncer.Answers()
                .service(name, host, 41_234)
                .text(name, "grpc", "webrtc")
                .address(host, "10.0.0.7")
                .packet();
        for (int i = 0; i < 3_000; i++) {
            byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length + 20));
            for (int changes = random.nextInt(6); changes >= 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            machine.say(bad);
        }
        awaitHearing("after-" + name);
    }

    @Test
    void whatWasHeardIsGoneWithTheInterfaceAndHeardAgainWithIt() {
        machine.say(new RawAnnouncer.Answers().service(name, host, 1).address(host, "10.0.0.7"));
        await().until(() -> !sockets().isEmpty());

        networks.become(List.of());
        assertThat(sockets()).isEmpty();
        machine.say(new RawAnnouncer.Answers().service(name, host, 1).address(host, "10.0.0.7"));

        networks.become(List.of(Loopback.LO));
        awaitHearing("after-" + name);
        assertThat(sockets()).isEmpty();
    }

    private void awaitHearing(String another) {
        await().until(() -> {
            machine.say(new RawAnnouncer.Answers()
                    .service(another, another + ".local", 1)
                    .address(another + ".local", "10.0.0.9"));
            return !discovery.of(another).isEmpty();
        });
    }

    private List<String> sockets() {
        return discovery.of(name).stream()
                .map(sighting -> sighting.socket().getAddress().getHostAddress() + ":"
                        + sighting.socket().getPort())
                .sorted()
                .toList();
    }
}
