package dev.fleetgateway.bench;

import dev.fleetgateway.connection.webrtc.DataChannels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A cloud on loopback in the process of the machines, which wait there for offers; what passes after that does so between two
 * ports of this host's own address.
 *
 * @param ca where its authority's certificate is written when it is there
 */
record Cloud(int port, Path ca) {

    private static final String ID = "bench";
    private static final String SECRET = "bench-secret";

    /** What the machines are started with. */
    List<String> options() {
        return List.of("--cloud-port=" + port, "--cloud-ca=" + ca, "--cloud-key=" + ID + ":" + SECRET);
    }

    /** The gateway's settings for so many machines, reached by WebRTC and not otherwise. */
    String fleet(int machines) {
        StringBuilder fleet = new StringBuilder();
        for (int i = 0; i < machines; i++) {
            fleet.append(
                    "machine-%d: { address: '%s', route-policy: INTERNET_ONLY, credentials: { id: %s, key: %s } }%n"
                            .formatted(i, host(i), ID, SECRET));
        }
        return fleet.toString();
    }

    /** The gateway's further settings. */
    List<String> settings() {
        return List.of(
                "--spring.ssl.bundle.pem.cloud.truststore.certificate=file:" + ca,
                "--gateway.signaling.address=127.0.0.1:" + port,
                "--gateway.signaling.tls.bundle=cloud",
                "--gateway.webrtc.burst=100000");
    }

    /** Channels to so many machines, without a gateway. */
    DataChannels peers(int machines) throws IOException, InterruptedException {
        return DataChannels.to(
                IntStream.range(0, machines).mapToObj(Cloud::host).toList(), port, ca, ID, SECRET);
    }

    private static String host(int machine) {
        return "machine-" + machine + ".sim.viam.cloud";
    }
}
