package dev.fleetgateway.motion;

import java.util.List;

/** What became of a stop, as section 3.4 of the contract shows it. */
public record StopReport(String machine, Outcome outcome, List<ResourceOutcome> resources) {

    /** Copies the list. */
    public StopReport {
        resources = List.copyOf(resources);
    }

    /** Nothing was to be stopped, and nothing was told. */
    public static StopReport nothing(String machine) {
        return new StopReport(machine, Outcome.STOPPED, List.of());
    }

    /** A stop of which nothing can be said but this. */
    public static StopReport of(String machine, Outcome outcome, String detail) {
        return new StopReport(machine, outcome, List.of(new ResourceOutcome("*", outcome, detail)));
    }

    /** The same under another name of the same machine. */
    public StopReport named(String name) {
        return new StopReport(name, outcome, resources);
    }

    /** Whether everything was told to stop and nothing was seen moving after. */
    public boolean complete() {
        return outcome == Outcome.STOPPED || outcome == Outcome.NOT_VERIFIED;
    }

    /** How far a stop is known to have worked, the best first. */
    public enum Outcome {
        /** Told, and seen not moving. */
        STOPPED,
        /** Told, but it cannot be seen. */
        NOT_VERIFIED,
        /** Told, and still seen moving. */
        STILL_MOVING,
        /** Could not be told. */
        FAILED;

        /** The one that claims less. */
        public Outcome worse(Outcome other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /**
     * One resource.
     *
     * @param resource such as {@code rdk:component:motor/m1}
     */
    public record ResourceOutcome(String resource, Outcome outcome, String detail) {}
}
