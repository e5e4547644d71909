package dev.fleetgateway.bench;

/** What is asked of the machines over REST. */
interface HttpCall {

    /** Behind the machine's name. */
    String path();

    /** What a call to that machine carries beside the usual, each line with its end. Asked anew after {@link #enter}. */
    default String headers(int machine) {
        return "";
    }

    /** Equally long for all slots. */
    String body(int slot);

    /** Gets what calls need to be let through. */
    default void enter() throws InterruptedException {}

    /** A call to that machine is being sent. */
    default void calling(int machine) {}

    /** Gives it back. */
    default void leave() throws InterruptedException {}
}
