package dev.fleetgateway.simulator;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a simulated machine is to be. Refuses what no machine can be.
 *
 * @param name unique in its fleet; lower-case letters, digits and dashes, since it becomes part of a host name
 * @param labels what the demo's settings say of it
 * @param tls whether it speaks TLS, with a certificate of the fleet's own authority
 * @param key the API key it asks for; without one it is open
 * @param managed whether it belongs to a cloud, which its configuration heartbeat shows
 * @param port where it listens on loopback; zero for any
 * @param secondPort whether it can be reached at a second port too, which is any
 * @param sessions whether it knows sessions; hosts other than viam-server may not
 * @param window how long a session lives unheard, from 30 ms to one minute as on a real machine
 * @param starting how long it is initializing after its start, and after each restart a second at least
 * @param resources what it has
 */
public record MachineSpec(
        String name,
        Map<String, String> labels,
        boolean tls,
        Optional<Key> key,
        boolean managed,
        int port,
        boolean secondPort,
        boolean sessions,
        Duration window,
        Duration starting,
        List<ResourceSpec> resources) {

    private static final Duration SHORTEST_WINDOW = Duration.ofMillis(30);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);

    /** Checks and copies. */
    public MachineSpec {
        if (!name.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?")) {
            throw new IllegalArgumentException("\"" + name + "\" cannot be part of a host name: use a-z, 0-9 and -");
        }
        if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException(
                    "A session window of %s is refused by a real machine: use 30 ms to 1 min".formatted(window));
        }
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        resources = List.copyOf(resources);
    }

    /**
     * An API key.
     *
     * @param id who calls; becomes the owner of his sessions
     * @param secret never shown
     */
    public record Key(String id, String secret) {

        /** Refuses what would not survive a token. */
        public Key {
            if (!id.matches("[A-Za-z0-9_.:-]+")) {
                throw new IllegalArgumentException("A key id is letters, digits and _ . : - only");
            }
        }

        @Override
        public String toString() {
            return "Key[id=" + id + "]";
        }
    }

    /** An open, plaintext, unmanaged machine on any port with one resource of each kind. */
    public static MachineSpec named(String name) {
        return new MachineSpec(
                name,
                Map.of(),
                false,
                Optional.empty(),
                false,
                0,
                false,
                true,
                Duration.ofSeconds(2),
                Duration.ZERO,
                ResourceSpec.oneOfEach());
    }

    /** The same with these labels. */
    public MachineSpec labelled(Map<String, String> labels) {
        return new MachineSpec(
                name, labels, tls, key, managed, port, secondPort, sessions, window, starting, resources);
    }

    /** The same over TLS. */
    public MachineSpec withTls() {
        return new MachineSpec(
                name, labels, true, key, managed, port, secondPort, sessions, window, starting, resources);
    }

    /** The same behind a key. */
    public MachineSpec withKey(String id, String secret) {
        return new MachineSpec(
                name,
                labels,
                tls,
                Optional.of(new Key(id, secret)),
                managed,
                port,
                secondPort,
                sessions,
                window,
                starting,
                resources);
    }

    /** The same as part of a cloud. */
    public MachineSpec inCloud() {
        return new MachineSpec(name, labels, tls, key, true, port, secondPort, sessions, window, starting, resources);
    }

    /** The same on a given port. */
    public MachineSpec onPort(int port) {
        return new MachineSpec(
                name, labels, tls, key, managed, port, secondPort, sessions, window, starting, resources);
    }

    /** The same, to be reached at a second port as well: one machine under two addresses. */
    public MachineSpec withSecondPort() {
        return new MachineSpec(name, labels, tls, key, managed, port, true, sessions, window, starting, resources);
    }

    /** The same without sessions: whoever asks for one is told that there are none, and nothing is stopped for anybody. */
    public MachineSpec withoutSessions() {
        return new MachineSpec(name, labels, tls, key, managed, port, secondPort, false, window, starting, resources);
    }

    /** The same with another session window. */
    public MachineSpec withWindow(Duration window) {
        return new MachineSpec(
                name, labels, tls, key, managed, port, secondPort, sessions, window, starting, resources);
    }

    /** The same, initializing for so long after each start. */
    public MachineSpec startingFor(Duration starting) {
        return new MachineSpec(
                name, labels, tls, key, managed, port, secondPort, sessions, window, starting, resources);
    }

    /** The same with other resources. */
    public MachineSpec withResources(List<ResourceSpec> resources) {
        return new MachineSpec(
                name, labels, tls, key, managed, port, secondPort, sessions, window, starting, resources);
    }
}
