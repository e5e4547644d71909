package dev.fleetgateway.discovery;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The address at which each machine was last reached directly. It is there before anything has been announced, and where nothing
 * is: after a restart, or on an interface that came up after the machine began to announce itself.
 *
 * <p>Nothing here blocks; safe for use by many threads.
 */
public interface KnownAddresses {

    /** Where nothing is known and nothing is kept. */
    KnownAddresses NONE = new KnownAddresses() {

        @Override
        public Optional<InetSocketAddress> of(String name) {
            return Optional.empty();
        }

        @Override
        public void keep(String name, InetSocketAddress socket) {
            // Not kept.
        }
    };

    /**
     * The last known good address of a machine.
     *
     * @param name the machine's TLS name; case does not matter
     */
    Optional<InetSocketAddress> of(String name);

    /**
     * Keeps an address at which the machine proved to be that machine. What is no name or no resolved address is not kept.
     *
     * @param name the machine's TLS name
     */
    void keep(String name, InetSocketAddress socket);
}
