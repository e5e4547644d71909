package dev.fleetgateway.network;

import java.net.InetAddress;
import java.util.List;

/** The networks the gateway itself stands in. */
@FunctionalInterface
public interface Networks {

    /** The networks that are on-link now, tunnels and point-to-point interfaces left out. */
    List<Network> onLink();

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
