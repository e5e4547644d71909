package dev.fleetgateway.lease;

/** What can happen to the right to move a machine. */
sealed interface LeaseEvent {

    /** Somebody got it, where nobody had it. */
    record Granted(Lease lease, long until) implements LeaseEvent {}

    /** The holder was heard of, or is now known to be present until then. */
    record Present(Lease lease, long until) implements LeaseEvent {}

    /** A stop came that the holder did not ask for. */
    record Suspended() implements LeaseEvent {}

    /** The holder goes on after a stop. */
    record Resumed(Lease lease, long until) implements LeaseEvent {}

    /** It is over, and what it moved is to be stopped. */
    record Ended(Lease lease, EndReason reason) implements LeaseEvent {}

    /** What it moved was stopped, as far as that could be done. */
    record Settled(Lease lease) implements LeaseEvent {}
}
