package dev.fleetgateway.simulator;

/** What can be made to go wrong with a simulated machine. */
public enum Fault {
    /** Calls are taken and not answered. */
    HANG,
    /** Calls are carried out only after a while. */
    DELAY,
    /** The process is starting again: its tokens, sessions and operations are gone, its resources not yet there. */
    RESTART,
    /** The process was killed: connections were reset, and nothing listens. */
    POWER_OFF,
    /** No credentials are good enough any more, and no token. */
    REFUSE_AUTH,
    /** The machine does not reach its cloud, and what came by the cloud is silent: nothing arrives, and nothing is closed. */
    LOSE_INTERNET,
    /** The machine has left its own network: what came by it is silent, and who tries anew gets no answer. */
    LEAVE_LAN,
    /** The machine hears, but nothing that it sends arrives. */
    HALF_OPEN,
    /** Everything to and from the machine takes longer. */
    SLOW_LINK,
    /** Offers by signaling are not answered, neither through the cloud nor by the machine itself. */
    SIGNALING_DOWN,
    /** The machine shows a certificate of another name and authority. */
    WRONG_CERTIFICATE,
    /** Heartbeats of sessions are neither counted nor answered. */
    MISS_HEARTBEATS
}
