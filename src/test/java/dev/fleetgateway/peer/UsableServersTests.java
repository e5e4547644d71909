package dev.fleetgateway.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onvoid.webrtc.RTCIceServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsableServersTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "stun:",
                "STUN:a.b",
                "stun:a.b:0",
                "stun:a.b:65536",
                "stun:a:b:c",
                "stun:u@a:1",
                "stun:[::1",
                "stun:a.b?transport=udp",
                "turn:a.b?transport=tls",
                "http://a.b",
                "nonsense"
            })
    void whatTheLibraryMayNotReadIsLeftOut(String url) {
        assertThat(UsableServers.of(List.of(new Peers.IceServer(List.of(url), "u", "p"))))
                .isEmpty();
    }

    @Test
    void aTurnServerWithoutAPasswordIsLeftOutAndItsNeighboursStay() {
        List<RTCIceServer> usable = UsableServers.of(List.of(
                new Peers.IceServer(List.of("turn:a.b:3478", "stun:a.b:3478"), "", ""),
                new Peers.IceServer(List.of(), "", ""),
                new Peers.IceServer(List.of("turns:[2001:db8::1]:443?transport=tcp"), "u", "p")));

        assertThat(usable)
                .extracting(server -> server.urls)
                .containsExactly(List.of("stun:a.b:3478"), List.of("turns:[2001:db8::1]:443?transport=tcp"));
    }
}
