/**
 * A fleet to try the gateway with: machines that answer as viam-server does, over real sockets, by WebRTC and by mDNS, with faults
 * on demand.
 *
 * <p><b>Owns</b> the simulated machines with their components, sessions, operations, certificates, links and faults, the small cloud
 * that signals, authenticates and configures, for these machines and for a real viam-server, the demo fleet of profile {@code demo},
 * and a {@code main} each for thousands of machines and for such a cloud.
 *
 * <p><b>Does not</b> know the gateway: a machine is reached by its address, as a real one is. It has no HTTP door of its
 * own; {@code door} calls the verbs of {@link dev.fleetgateway.simulator.SimulatedMachine}.
 *
 * <p><b>Threads</b>: one group of event loops for the whole fleet, on which every call runs to its end without blocking.
 * What takes time ends on the timer of {@code time}. A call that hangs costs no thread, and neither does an open data channel. What
 * blocks in a library, to make or close a peer and to speak mDNS, does so on a virtual thread.
 */
@ApplicationModule(
        displayName = "simulator",
        allowedDependencies = {"time", "peer"})
@NullMarked
package dev.fleetgateway.simulator;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
