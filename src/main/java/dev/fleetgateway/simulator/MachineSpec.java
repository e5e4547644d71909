package dev.fleetgateway.simulator;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a simulated machine is to be. Refuses what no machine can be.
 *
 * @param name unique in its fleet; lower-case letters, digits and dashes, since it becomes part of a host name
 * @param labels what the demo's settings say of it
 * @param tls whether it speaks TLS, with a certificate of the fleet's own authority
 * @param key the API key it asks for; without one it is open
 * @param managed whether it belongs to a cloud, which its configuration heartbeat shows
 * @param host the address it listens on, and no other; of loopback
 * @param port where it listens there; zero for any
 * @param secondPort whether it can be reached at a second port too, which is any
 * @param mdns the addresses of this host from which it announces itself, each with a port of its own that changes at each start
 * @param webRtc whether it answers offers of WebRTC
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
        String host,
        int port,
        boolean secondPort,
        List<String> mdns,
        boolean webRtc,
        boolean sessions,
        Duration window,
        Duration starting,
        List<ResourceSpec> resources) {

    private static final String LOOPBACK = "127.0.0.1";
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
        mdns = List.copyOf(mdns);
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
        return new Draft(name).spec();
    }

    /** The same with these labels. */
    public MachineSpec labelled(Map<String, String> labels) {
        return with(draft -> draft.labels = labels);
    }

    /** The same over TLS. */
    public MachineSpec withTls() {
        return with(draft -> draft.tls = true);
    }

    /** The same behind a key. */
    public MachineSpec withKey(String id, String secret) {
        return with(draft -> draft.key = Optional.of(new Key(id, secret)));
    }

    /** The same as part of a cloud. */
    public MachineSpec inCloud() {
        return with(draft -> draft.managed = true);
    }

    /** The same at another address of loopback, such as {@code 127.0.1.7}. */
    public MachineSpec onHost(String host) {
        return with(draft -> draft.host = host);
    }

    /** The same on a given port. */
    public MachineSpec onPort(int port) {
        return with(draft -> draft.port = port);
    }

    /** The same, to be reached at a second port as well: one machine under two addresses. */
    public MachineSpec withSecondPort() {
        return with(draft -> draft.secondPort = true);
    }

    /** The same, announcing itself by mDNS on loopback. */
    public MachineSpec withMdns() {
        return withMdns(List.of(LOOPBACK));
    }

    /** The same, announcing itself by mDNS from these addresses of this host, each of which it listens on. */
    public MachineSpec withMdns(List<String> addresses) {
        return with(draft -> draft.mdns = addresses);
    }

    /** The same, answering by WebRTC. Its fleet needs the library for it. */
    public MachineSpec withWebRtc() {
        return with(draft -> draft.webRtc = true);
    }

    /** The same without sessions: whoever asks for one is told that there are none, and nothing is stopped for anybody. */
    public MachineSpec withoutSessions() {
        return with(draft -> draft.sessions = false);
    }

    /** The same with another session window. */
    public MachineSpec withWindow(Duration window) {
        return with(draft -> draft.window = window);
    }

    /** The same, initializing for so long after each start. */
    public MachineSpec startingFor(Duration starting) {
        return with(draft -> draft.starting = starting);
    }

    /** The same with other resources. */
    public MachineSpec withResources(List<ResourceSpec> resources) {
        return with(draft -> draft.resources = resources);
    }

    private MachineSpec with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.spec();
    }

    /** A specification that is being changed. */
    private static final class Draft {
        private final String name;
        private Map<String, String> labels = Map.of();
        private boolean tls;
        private Optional<Key> key = Optional.empty();
        private boolean managed;
        private String host = LOOPBACK;
        private int port;
        private boolean secondPort;
        private List<String> mdns = List.of();
        private boolean webRtc;
        private boolean sessions = true;
        private Duration window = Duration.ofSeconds(2);
        private Duration starting = Duration.ZERO;
        private List<ResourceSpec> resources = ResourceSpec.oneOfEach();

        private Draft(String name) {
            this.name = name;
        }

        private Draft(MachineSpec spec) {
            name = spec.name;
            labels = spec.labels;
            tls = spec.tls;
            key = spec.key;
            managed = spec.managed;
            host = spec.host;
            port = spec.port;
            secondPort = spec.secondPort;
            mdns = spec.mdns;
            webRtc = spec.webRtc;
            sessions = spec.sessions;
            window = spec.window;
            starting = spec.starting;
            resources = spec.resources;
        }

        private MachineSpec spec() {
            return new MachineSpec(
                    name,
                    labels,
                    tls,
                    key,
                    managed,
                    host,
                    port,
                    secondPort,
                    mdns,
                    webRtc,
                    sessions,
                    window,
                    starting,
                    resources);
        }
    }
}
