package dev.fleetgateway.bench;

/** A way to make the same call to the same machines. A slot holds one call at a time. */
interface Road extends AutoCloseable {

    /** Gets what calls need to be let through, such as presence at the machines. Before the first call, and after each leaving. */
    void enter() throws InterruptedException;

    /** Gives it back, so that it is no burden on whatever is measured next. */
    void leave() throws InterruptedException;

    /** Begins the call of that number on a slot that is free. Does not block. */
    void send(int slot, long number);

    /** Whom to tell of the end of each call, on any thread. Set before the first call. */
    void listen(Listener listener);

    @Override
    void close();

    /** Told of the end of a call. */
    @FunctionalInterface
    interface Listener {
        void ended(int slot, boolean ok);
    }
}
