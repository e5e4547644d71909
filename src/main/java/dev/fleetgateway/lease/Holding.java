package dev.fleetgateway.lease;

import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who holds one machine, and until when he is known to be present. Guarded by the lock of the machine's {@link Desk}, but for
 * {@link #presentUntil}.
 */
final class Holding {

    private final Time time;
    private LeaseState state = new LeaseState.Free(0);

    /** Until when somebody is present: beats look at it without the lock. */
    private volatile long presentUntil;

    Holding(Time time) {
        this.time = time;
        this.presentUntil = time.nanos();
    }

    LeaseState state() {
        return state;
    }

    /** The lease there is; null where there is none. */
    @Nullable
    Lease lease() {
        return state instanceof LeaseState.Held held ? held.lease() : null;
    }

    boolean isFree() {
        return state instanceof LeaseState.Free;
    }

    boolean isHeld() {
        return state instanceof LeaseState.Held;
    }

    boolean isHeld(Lease lease) {
        return lease.equals(lease());
    }

    /** Whether what is held may move something. */
    boolean isUnsuspended() {
        return state instanceof LeaseState.Held held && !held.suspended();
    }

    boolean isPresent() {
        return time.nanos() - presentUntil < 0;
    }

    /** Until when somebody is present, as a reading of the clock that only goes forward. Needs no lock. */
    long presentUntil() {
        return presentUntil;
    }

    /** How long the lease there is lasts unrenewed; nothing where there is none. */
    Duration left() {
        return state instanceof LeaseState.Held held
                ? Duration.ofNanos(Math.max(0, held.until() - time.nanos()))
                : Duration.ZERO;
    }

    /** Until when that lease lasts; now where it is over. */
    long until(Lease lease) {
        return state instanceof LeaseState.Held held && held.lease().equals(lease) ? held.until() : time.nanos();
    }

    /** Whether the holder of an explicit lease was heard of so lately; calls without a lease speak for themselves. */
    boolean heardWithin(Duration fresh) {
        return state instanceof LeaseState.Held held
                && (held.lease().implicit()
                        || time.since(held.until() - held.lease().window().toNanos())
                                        .compareTo(fresh)
                                < 0);
    }

    void grant(Lease lease, Duration opening) {
        long until = time.nanos() + opening.toNanos();
        state = state.on(new LeaseEvent.Granted(lease, until));
        presentUntil = until;
    }

    /** The holder of an explicit lease is present for so long from now on. */
    void present(Lease lease, Duration window) {
        long until = time.nanos() + window.toNanos();
        state = state.on(new LeaseEvent.Present(lease, until));
        presentUntil = until;
    }

    /** A caller without a lease is present until then, by what he has open. */
    void presentUntil(Lease lease, long until) {
        if (isHeld(lease) && isUnsuspended()) {
            state = state.on(new LeaseEvent.Present(lease, until));
            presentUntil = until;
        }
    }

    /** It lasts for so long, but nobody is present. */
    void absent(Lease lease, Duration lasts) {
        state = state.on(new LeaseEvent.Present(lease, time.nanos() + lasts.toNanos()));
        presentUntil = time.nanos();
    }

    void suspend() {
        state = state.on(new LeaseEvent.Suspended());
    }

    void resume(Lease lease) {
        state = state.on(new LeaseEvent.Resumed(lease, until(lease)));
    }

    /** Ends the lease there is, and returns it. */
    Lease end(EndReason reason) {
        Lease lease = lease();
        if (lease == null) {
            throw new IllegalStateException("there is no lease to end");
        }
        state = state.on(new LeaseEvent.Ended(lease, reason));
        presentUntil = time.nanos();
        return lease;
    }

    void settle(Lease lease) {
        state = state.on(new LeaseEvent.Settled(lease));
    }

    /** A reading of the clock as people read it, to the millisecond. */
    Instant moment(long nanos) {
        return time.now().plusNanos(nanos - time.nanos()).truncatedTo(ChronoUnit.MILLIS);
    }
}
