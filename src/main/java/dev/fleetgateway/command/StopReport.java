package dev.fleetgateway.command;

import java.util.List;

/** What became of a stop, as section 3.4 of the contract shows it. */
public record StopReport(String machine, Outcome outcome, List<ResourceOutcome> resources) {

    /** Copies the list. */
    public StopReport {
        resources = List.copyOf(resources);
    }

    /** Whether everything was told to stop and nothing was seen moving after. */
    public boolean complete() {
        return outcome == Outcome.STOPPED || outcome == Outcome.NOT_VERIFIED;
    }

    /** How far a stop is known to have worked. */
    public enum Outcome {
        /** Told, and seen not moving. */
        STOPPED,
        /** Told, but it cannot be seen. */
        NOT_VERIFIED,
        /** Told, and still seen moving. */
        STILL_MOVING,
        /** Could not be told. */
        FAILED
    }

    /**
     * One resource.
     *
     * @param resource such as {@code rdk:component:motor/m1}
     */
    public record ResourceOutcome(String resource, Outcome outcome, String detail) {}
}
