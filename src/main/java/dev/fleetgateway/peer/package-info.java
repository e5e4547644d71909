/**
 * One end of a WebRTC connection with its two negotiated data channels, by the native library behind it.
 *
 * <p><b>Owns</b> everything that knows {@code dev.onvoid.webrtc}: loading the native library on first use and saying what to
 * install where it cannot be, peer connections, candidates, the channels {@code data} (id 0) and {@code negotiation} (id 1), and
 * their careful end; and letting go of what the library keeps of every message, which takes that peers are made anew from time to time.
 *
 * <p><b>Does not</b> know signaling, gRPC, frames or machines.
 *
 * <p><b>Threads</b>: the library has its own, and all callbacks of all peers come on one of them: a listener copies, hands off and
 * returns. Making a peer blocks, the first time for up to a second.
 */
@ApplicationModule(
        displayName = "peer",
        allowedDependencies = {"time", "problem"})
@NullMarked
package dev.fleetgateway.peer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
