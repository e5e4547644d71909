/**
 * Who may move a machine, for how long, and what is stopped when he is gone.
 *
 * <p>A lease is the right to move one whole machine, since protection at a machine is per resource and last caller wins. It
 * belongs to the machine's identity: all names of one machine share it. Its holder proves it by its id alone, and is present as long
 * as he renews it within its window: by a call that carries it when it arrives, by a beat on his socket, by a renewal. A call in flight
 * is no presence. A caller without a lease gets an implicit one for as long as his request is open, or as long as he
 * said ({@code hold}).
 *
 * <p>While somebody is present the machine's session is beaten; when presence ends, what the lease moved is stopped, and seen to
 * stand; the machine's own expiry is the second net.
 *
 * <p><b>A stop is a barrier.</b> It closes the gate for what may move something, cuts what is in flight, tells the machine, waits
 * for what was in flight to end by the machine's own word, tells it again, and looks twice. Only then is it {@code STOPPED}. Where
 * an earlier call cannot be known to have ended, the session is given up, so that the call, should it still arrive, is refused
 * there; and no more than {@code NOT_VERIFIED} is said. A lease that did not stop itself stays suspended until its holder resumes it.
 * A stop of the gateway's own, after an earlier motion, is the same barrier, and suspends nobody.
 *
 * <p><b>Owns</b> the state of a lease (a sealed type with one pure transition), the gate, the commands in flight and what each
 * of them moved, the barrier, what is owed to a machine that could not be told, and the pulse by which a gateway notices that it
 * stood still itself.
 *
 * <p><b>Does not</b> know JSON, HTTP or descriptors; it does not send the command it lets pass, nor repeat any.
 *
 * <p><b>Threads</b>: none of its own. One short lock per machine; whatever follows from a decision (telling, looking, news) is done
 * outside it and asynchronously. Only the handing over of a call to its transport happens inside, so that no call can slip past
 * a stop that has begun.
 */
@ApplicationModule(
        displayName = "lease",
        allowedDependencies = {"time", "problem", "machine", "route", "connection", "access", "session", "motion"})
@NullMarked
package dev.fleetgateway.lease;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
