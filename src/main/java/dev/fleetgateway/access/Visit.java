package dev.fleetgateway.access;

/**
 * One caller at a door.
 *
 * @param caller his name
 * @param from where he is seen to come from, an address; empty where that is not known
 */
public record Visit(String caller, String from) {

    /** The gateway itself, for what it does of its own accord. */
    public static final Visit GATEWAY = new Visit("gateway", "");
}
