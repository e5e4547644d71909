package dev.fleetgateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the real library keeps of each message, and when it lets go of it. */
class NativeGenerationsIT {

    private static final int WEAR = 1_000;

    private final List<Pair> pairs = new ArrayList<>();
    private NativePeers peers;

    @BeforeEach
    void start() {
        peers = PeerNeeds.peers(WEAR);
    }

    @AfterEach
    void close() {
        if (peers != null) {
            pairs.forEach(Pair::close);
            peers.close();
            await().atMost(Duration.ofSeconds(10)).until(() -> peers.generations() == 0);
        }
    }

    @Test
    void aWornFactoryIsDisposedWithItsLastPeerAndLetsGoOfWhatItKept() {
        long before = kept();
        Pair old = pair();
        assertThat(old.caller.worn()).isFalse();
        old.exchange(WEAR);
        assertThat(old.caller.worn()).isTrue();
        assertThat(old.answerer.worn()).isTrue();
        assertThat(kept() - before).as("the library keeps each").isGreaterThanOrEqualTo(WEAR);

        Pair fresh = pair();
        assertThat(fresh.caller.worn()).isFalse();
        assertThat(peers.generations()).isEqualTo(2);
        old.caller.close();
        old.exchange(1);
        assertThat(peers.generations()).as("its answerer is open yet").isEqualTo(2);
        old.close();

        await().atMost(Duration.ofSeconds(10)).until(() -> peers.generations() == 1);
        await().atMost(Duration.ofSeconds(10)).until(() -> kept() - before < WEAR / 2);
        fresh.exchange(1);
    }

    @Test
    void aWornFactoryWithoutPeersIsDisposedThoughNoneIsMadeAfterIt() {
        Pair old = pair();
        old.exchange(WEAR);
        old.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> peers.generations() == 0);
        pair().exchange(1);
    }

    @Test
    void oneThatIsNotWornStaysWithoutPeers() {
        Pair one = pair();
        one.close();
        Pair other = pair();
        other.exchange(1);
        assertThat(peers.generations()).isEqualTo(1);
    }

    @Test
    void whereOldOnesCannotBeLeftTheYoungestGoesOn() {
        for (int i = 0; i < Generations.MOST; i++) {
            pair().exchange(WEAR);
        }
        Pair youngest = pairs.getLast();
        assertThat(youngest.caller.worn()).as("there is nothing fresher").isFalse();
        pair();
        assertThat(peers.generations()).isEqualTo(Generations.MOST);
        assertThat(pairs.getFirst().caller.worn()).isTrue();

        pairs.removeFirst().close();
        await().atMost(Duration.ofSeconds(10)).until(() -> youngest.caller.worn());
    }

    private Pair pair() {
        Pair pair = new Pair();
        pairs.add(pair);
        return pair;
    }

    /** Live buffers of messages; a collection comes first. */
    private static long kept() {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return histogram
                    .lines()
                    .filter(line -> line.contains("dev.onvoid.webrtc.RTCDataChannelBuffer"))
                    .mapToLong(line -> Long.parseLong(line.trim().split("\\s+", -1)[1]))
                    .sum();
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private final class Pair {

        private final Heard here = new Heard();
        private final Heard there = new Heard();
        private final Peer caller = peers.open(List.of(), here);
        private final Peer answerer = peers.open(List.of(), there);

        Pair() {
            here.to = answerer::add;
            there.to = caller::add;
            caller.accept(answerer.answer(caller.offer().join()).join()).join();
            await().until(() -> here.news.contains("opened") && there.news.contains("opened"));
        }

        /** So many messages come in at the answering side, where it is still open. */
        void exchange(int messages) {
            int before = there.frames.size();
            int sent = 0;
            for (int i = 0; i < messages; i++) {
                sent += caller.send(new byte[] {1}) ? 1 : 0;
            }
            int all = before + sent;
            await().until(() -> there.frames.size() == all);
        }

        void close() {
            caller.close();
            answerer.close();
        }
    }
}
