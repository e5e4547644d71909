package dev.fleetgateway.network;

import java.net.InetAddress;
import java.util.List;

/** The networks the gateway itself stands in. Safe for use by many threads. */
@FunctionalInterface
public interface Networks {

    /**
     * The networks that are on-link, as of the last look, at once. Tunnels and point-to-point interfaces are left out; in a
     * Kubernetes cluster everything but loopback is, since what is on-link to a pod says nothing about where a machine is.
     */
    List<Network> onLink();

    /** The same by a new look, now. It takes system calls: not for an event loop. */
    default List<Network> look() {
        return onLink();
    }

    /** The interfaces that are up, as of the last look, at once. */
    default List<Interface> interfaces() {
        return List.of();
    }

    /**
     * Tells, from now on, when an interface came up or went down or its addresses changed, about a second after it did.
     *
     * @param listener is called on a virtual thread, one call at a time, after {@link #onLink} and {@link #interfaces} have
     *     changed; others wait for it, so it must not take long
     */
    default void listen(Runnable listener) {
        // These never change.
    }

    /**
     * A network interface of this host.
     *
     * @param index the system's number for it: one that was taken away and made again has another
     * @param multicast whether it says that it can
     * @param tunnel whether it is a tunnel or point-to-point, so that its other end may be anywhere
     * @param addresses its own, with their prefixes
     */
    record Interface(
            String name, int index, boolean loopback, boolean multicast, boolean tunnel, List<Network> addresses) {

        /** Copies the list. */
        public Interface {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * A network and the interface it is on.
     *
     * @param address any address in it
     * @param prefix how many leading bits are the network's
     */
    record Network(String name, InetAddress address, int prefix) {

        /**
         * Reads {@code 10.42.0.0/16}.
         *
         * @throws IllegalArgumentException with a sentence that follows "is"
         */
        public static Network parse(String text) {
            int slash = text.indexOf('/');
            String ip = slash < 0 ? text : text.substring(0, slash);
            InetAddress address;
            try {
                address = InetAddress.ofLiteral(ip);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + text + "', which is no network like 10.42.0.0/16", e);
            }
            int most = address.getAddress().length * 8;
            String bits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
            if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > most) {
                throw new IllegalArgumentException("'" + text + "', whose prefix is not a number from 0 to " + most);
            }
            return new Network(text, address, Integer.parseInt(bits));
        }

        /** Whether an address is in it. */
        public boolean contains(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] its = other.getAddress();
            if (mine.length != its.length) {
                return false;
            }
            int whole = prefix / 8;
            for (int i = 0; i < whole; i++) {
                if (mine[i] != its[i]) {
                    return false;
                }
            }
            int rest = prefix % 8;
            return rest == 0 || (mine[whole] & 0xff) >>> (8 - rest) == (its[whole] & 0xff) >>> (8 - rest);
        }
    }
}
