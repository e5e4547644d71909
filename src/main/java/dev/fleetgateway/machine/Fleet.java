package dev.fleetgateway.machine;

import java.util.Collection;
import java.util.Optional;

/** The machines there are, now. Safe for use by many threads. */
public interface Fleet {

    /** All machines, ordered by name. */
    Collection<Machine> machines();

    /** The machine of that name. */
    Optional<Machine> machine(String name);

    /**
     * Announces every machine there is as added, at once, and every change from then on, one after the other.
     *
     * @param listener must not block
     */
    void listen(Listener listener);

    /** Reads every source again. What changed is announced before this returns. */
    void reload();

    /** Hears of changes of the fleet. A machine whose settings changed is removed and then added. */
    interface Listener {

        /** There is a new machine. */
        void added(Machine machine);

        /** A machine is gone, or about to be added anew with other settings. */
        void removed(Machine machine);
    }
}
