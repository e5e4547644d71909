package dev.fleetgateway.discovery;

import java.util.List;
import java.util.function.Consumer;

/** The machines that announce themselves on the gateway's networks, now. Nothing here blocks; safe for use by many threads. */
public interface Discovery {

    /** Where nothing is discovered: switched off, or not there. */
    Discovery NONE = new Discovery() {

        @Override
        public List<Sighting> of(String name) {
            return List.of();
        }

        @Override
        public List<Sighting> all() {
            return List.of();
        }

        @Override
        public void seek(String name) {
            // There is nobody to ask.
        }

        @Override
        public void listen(Consumer<String> listener) {
            // There is nothing to tell.
        }
    };

    /**
     * Where a machine announces itself, the last confirmed first; empty where it does not. A cloud name
     * ({@code x.y.viam.cloud}) and its local form ({@code x.y.local.viam.cloud}) are one name, whether asked for or announced,
     * with dots or with dashes; any other name is matched as it is, but for dashes and case.
     *
     * @param name the machine's TLS name
     */
    List<Sighting> of(String name);

    /** Everything that announces itself, ordered by name. */
    List<Sighting> all();

    /** Has the networks asked for that name again, now, unless that was done a moment ago. Returns at once. */
    void seek(String name);

    /**
     * Tells from now on when something new about a name was seen: an address, a port, or that it is gone.
     *
     * @param listener gets the name as it was announced, for {@link #of}; must not block
     */
    void listen(Consumer<String> listener);
}
