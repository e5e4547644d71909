/**
 * Which machines announce themselves on the networks of this gateway.
 *
 * <p><b>Owns</b> listening by multicast DNS on the host's interfaces, what was heard there (names, addresses, when it was last
 * confirmed), and the last known good address of each machine, kept over a restart.
 *
 * <p><b>Does not</b> dial, nor judge whether a machine answers: who announces himself may be dead, and who is silent may be there.
 * What it hears anybody on the network may have said, so it is checked and bounded, and proves nothing: the machine's
 * certificate does.
 *
 * <p><b>Threads</b>: the multicast library has some for each address it listens at; opening and closing one takes seconds and
 * is done on virtual threads, side by side. Whoever asks gets what is known, at once. Listeners are told on the library's
 * threads and must not block.
 */
@ApplicationModule(
        displayName = "discovery",
        allowedDependencies = {"time", "problem", "network"})
@NullMarked
package dev.fleetgateway.discovery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
