package dev.fleetgateway.machine;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How machines are reached by WebRTC, as it is written in the settings, for all of them or for one. What one does not say is taken
 * from what is said for all.
 *
 * @param address of the signaling server; without a port 443 is meant. The cloud's by default
 * @param tls default: required, verified by the system's trust against the address. It belongs to the address: what is said of one
 *     server is not taken for another
 * @param iceServers STUN and TURN servers, beside those that the signaling server hands out
 * @param host the name under which a machine waits there; by default its TLS server name. Not for all
 */
public record SignalingSettings(
        @Nullable String address,
        MachineSettings.@Nullable TlsSettings tls,
        @Nullable List<IceServerSettings> iceServers,
        @Nullable String host) {

    /** Nothing said: the cloud's, for the machines of the cloud. */
    public static final SignalingSettings NONE = new SignalingSettings(null, null, null, null);

    /** A STUN or TURN server; a TURN server asks for a name and has its credential in a file, which is read at each dial. */
    public record IceServerSettings(
            @Nullable List<String> urls,
            @Nullable String username,
            @Nullable Path credentialFile) {}

    /**
     * Refuses what makes no sense, also where no machine makes use of it.
     *
     * @param key where they stand, such as {@code gateway.signaling}
     * @throws dev.fleetgateway.problem.SettingsException naming the key that is wrong
     */
    public void check(String key) {
        SignalingChoice.check(key, this);
    }
}
