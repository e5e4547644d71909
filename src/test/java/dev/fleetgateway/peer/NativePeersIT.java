package dev.fleetgateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.peer.Peer.IceCandidate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativePeersIT {

    private final Heard here = new Heard();
    private final Heard there = new Heard();
    private NativePeers peers;
    private Peer caller;
    private Peer answerer;

    @BeforeEach
    void connect() {
        peers = PeerNeeds.peers();
        caller = peers.open(List.of(), here);
        answerer = peers.open(List.of(), there);
        here.to = answerer::add;
        there.to = caller::add;
    }

    @AfterEach
    void close() {
        if (caller != null) {
            caller.close();
            answerer.close();
            peers.close();
        }
    }

    private void meet() {
        caller.accept(answerer.answer(caller.offer().join()).join()).join();
        await().until(() -> here.news.contains("opened") && there.news.contains("opened"));
    }

    @Test
    void twoPeersMeetAndHearEachOther() {
        meet();
        byte[] largest = new byte[Peer.MOST_FRAME];
        Arrays.fill(largest, (byte) 7);

        assertThat(caller.send(new byte[] {1, 2, 3})).isTrue();
        assertThat(caller.send(largest)).isTrue();
        assertThat(answerer.send(new byte[] {4})).isTrue();

        await().untilAsserted(() -> assertThat(there.frames).containsExactly(new byte[] {1, 2, 3}, largest));
        await().untilAsserted(() -> assertThat(here.frames).containsExactly(new byte[] {4}));
        await().until(() -> caller.buffered() == 0);
    }

    @Test
    void theOfferHoldsACandidateAndWhatItHoldsIsNotToldAgain() {
        here.to = null;
        String offer = caller.offer().join();

        assertThat(offer).contains(" typ host").contains("a=candidate:").contains("m=application");
        await().until(() -> here.news.contains("gathered"));
        assertThat(here.candidates)
                .allSatisfy(candidate -> assertThat(candidate.candidate()).startsWith("candidate:"))
                .noneMatch(candidate -> offer.contains(candidate.candidate()))
                .noneMatch(candidate -> candidate.candidate().contains(" tcp "));
    }

    @Test
    void theSelectedPairIsTold() {
        assertThatThrownBy(() -> caller.pair().join()).isInstanceOf(CompletionException.class);
        meet();

        Peer.Pair pair = caller.pair().join();
        Peer.Pair other = answerer.pair().join();

        assertThat(pair.relayed()).isFalse();
        assertThat(pair.remotePort()).isEqualTo(other.localPort());
        assertThat(pair.localAddress()).isEqualTo(other.remoteAddress()).isNotEmpty();
    }

    @Test
    void theOtherSideIsToldOnceWhenOneCloses() {
        meet();

        caller.close();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> there.news.stream().anyMatch(news -> news.startsWith("closed")));
        assertThat(answerer.send(new byte[1])).isFalse();
        assertThat(there.news).filteredOn(news -> news.startsWith("closed")).hasSize(1);
        assertThat(here.news).noneMatch(news -> news.startsWith("closed"));
    }

    @Test
    void aClosedPeerTakesNothingAndBreaksWhatItPromised() {
        caller.close();
        caller.close();

        assertThat(caller.send(new byte[1])).isFalse();
        assertThat(caller.buffered()).isZero();
        assertThatThrownBy(() -> caller.offer().join()).hasMessageContaining("closed");
        assertThatThrownBy(() -> caller.pair().join()).hasMessageContaining("closed");
        caller.add(new IceCandidate("candidate:1 1 udp 1 10.0.0.1 1 typ host", "", 0));
    }

    @Test
    void aFrameTooLongIsRefusedBeforeItEndsTheConnection() {
        meet();

        assertThatThrownBy(() -> caller.send(new byte[Peer.MOST_FRAME + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65535");
        assertThat(caller.send(new byte[1])).isTrue();
    }

    @Test
    void aServerThatIsNoneHarmsNothing() {
        List<String> urls = List.of(
                "nonsense",
                "stun:192.0.2.2:0",
                "turn:192.0.2.2:1?transport=udp",
                "turns:[2001:db8::1]:443?transport=tcp",
                "stuns:a-b.example",
                "stun:1",
                "turn:a.?transport=tcp");

        peers.open(List.of(new Peers.IceServer(urls, "u", "p"), new Peers.IceServer(urls, "", "")), here)
                .close();
    }

    @Test
    void theLibrarysThreadsEndWithTheLastPeer() {
        meet();
        caller.close();
        answerer.close();

        peers.close();

        assertThatThrownBy(() -> peers.open(List.of(), here)).isInstanceOf(IllegalStateException.class);
        peers.close();
    }

    @Test
    void whatIsNoDescriptionOrCandidateHarmsNothing() {
        assertThatThrownBy(() -> answerer.answer("nonsense").join()).isInstanceOf(CompletionException.class);
        answerer.add(new IceCandidate("nonsense", null, 0));
        meet();
        answerer.add(new IceCandidate("nonsense", null, 0));
        answerer.add(new IceCandidate("candidate:1 1 udp 1 192.0.2.77 1 typ host", "", 0));
        assertThat(caller.send(new byte[1])).isTrue();
    }
}
