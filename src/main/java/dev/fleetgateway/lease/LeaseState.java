package dev.fleetgateway.lease;

/**
 * Who may move a machine. Changes only by {@link #on}, which is pure. Moments are readings of the clock that only goes forward.
 */
sealed interface LeaseState {

    /** The number of the last lease. */
    long sequence();

    /** Nobody. */
    record Free(long sequence) implements LeaseState {}

    /**
     * The holder, as long as he is present.
     *
     * @param until when his presence ends, if he is not heard of before
     * @param suspended whether a stop keeps him from moving anything until he resumes
     */
    record Held(Lease lease, long until, boolean suspended) implements LeaseState {
        @Override
        public long sequence() {
            return lease.sequence();
        }
    }

    /** Nobody, and what the last holder moved is being stopped. */
    record Ending(Lease lease, EndReason reason) implements LeaseState {
        @Override
        public long sequence() {
            return lease.sequence();
        }
    }

    /** The state after an event; the same one where the event means nothing to it. */
    default LeaseState on(LeaseEvent event) {
        return switch (event) {
            case LeaseEvent.Granted(var lease, var until) ->
                this instanceof Free(var last) && lease.sequence() > last ? new Held(lease, until, false) : this;
            case LeaseEvent.Present(var lease, var until) ->
                this instanceof Held held && held.lease.equals(lease) ? new Held(lease, until, held.suspended) : this;
            case LeaseEvent.Suspended() -> this instanceof Held held ? new Held(held.lease, held.until, true) : this;
            case LeaseEvent.Resumed(var lease, var until) ->
                this instanceof Held held && held.lease.equals(lease) ? new Held(lease, until, false) : this;
            case LeaseEvent.Ended(var lease, var reason) ->
                this instanceof Held held && held.lease.equals(lease) ? new Ending(lease, reason) : this;
            case LeaseEvent.Settled(var lease) ->
                this instanceof Ending ending && ending.lease.equals(lease) ? new Free(lease.sequence()) : this;
        };
    }
}
