package dev.fleetgateway.route;

import dev.fleetgateway.discovery.Discovery;
import dev.fleetgateway.discovery.KnownAddresses;
import dev.fleetgateway.discovery.Sighting;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.machine.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the ways that may lead to a machine: where it announces itself, where it was last reached, every address of every name it is
 * configured with, and its signaling server; the best first.
 */
public final class Candidates {

    /** Ways tried to one machine; one with more is no machine. */
    private static final int MOST = 16;

    /** For a name to be looked up, where there are other ways, and where there are none. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Duration LAST_PATIENCE = Duration.ofSeconds(5);

    private final RouteKinds kinds;
    private final Names names;
    private final Discovery discovery;
    private final KnownAddresses known;

    /** Judges addresses by these kinds, and finds them there. */
    public Candidates(RouteKinds kinds, Names names, Discovery discovery, KnownAddresses known) {
        this.kinds = kinds;
        this.names = names;
        this.discovery = discovery;
        this.known = known;
    }

    /** The ways to a machine as they are now. Looks up names, so it may block for some seconds: not for an event loop. */
    public List<Way> of(Machine machine) {
        Found found = new Found(machine);
        boolean direct = machine.routePolicy() != RoutePolicy.INTERNET_ONLY;
        Optional<InetSocketAddress> remembered = direct ? remembered(machine) : Optional.empty();
        if (direct) {
            announced(found);
        }
        signaled(found);
        configured(found, remembered.isPresent());
        // Last, so that an address which is announced or configured is called so.
        remembered.ifPresent(socket -> found.add(Route.Via.MDNS, socket, "where it was last reached"));
        return found.sorted();
    }

    private void announced(Found found) {
        String name = found.machine.tls().serverName();
        discovery.seek(name);
        for (Sighting sighting : discovery.of(name)) {
            found.add(Route.Via.MDNS, sighting.socket(), "announced at " + sighting.network());
        }
    }

    /** Only a certificate shows that the machine is still there, and not somebody else by now. */
    private Optional<InetSocketAddress> remembered(Machine machine) {
        return machine.tls().mode() == Tls.Mode.REQUIRED
                ? known.of(machine.tls().serverName())
                : Optional.empty();
    }

    private static void signaled(Found found) {
        Signaling signaling = found.machine.signaling();
        if (signaling == null) {
            return;
        }
        Candidate candidate = new Candidate(
                Route.Kind.INTERNET,
                Route.Via.SIGNALING,
                Route.Transport.WEBRTC,
                signaling.address().toString(),
                Candidate.State.UNTRIED,
                "",
                null);
        String barred = found.machine.routePolicy() == RoutePolicy.LAN_ONLY
                ? "the route policy is LAN_ONLY, and signaling is on the internet"
                : found.machine.address().isLocalName()
                        ? "a .local.viam.cloud name means a network of the gateway's own, and signaling is on the internet"
                        : null;
        found.put(
                barred == null
                        ? new Way.Signaled(candidate, signaling)
                        : new Way.Barred(candidate.as(Candidate.State.EXCLUDED, barred)));
    }

    private void configured(Found found, boolean another) {
        List<Address> addresses = new ArrayList<>(List.of(found.machine.address()));
        addresses.addAll(found.machine.addresses());
        for (Address address : addresses) {
            if (found.machine.routePolicy() == RoutePolicy.INTERNET_ONLY) {
                found.bar(address, Candidate.State.EXCLUDED, "the route policy is INTERNET_ONLY");
            } else if (address.isLocalName()) {
                // Asking a name server would tell it, and whoever is on the way, and is no answer about this network.
                if (found.isEmpty() && !another) {
                    found.bar(
                            address,
                            Candidate.State.FAILED,
                            address.host()
                                    + " has not announced itself on a network of this gateway; a .local.viam.cloud"
                                    + " name is not looked up anywhere else");
                }
            } else {
                lookUp(found, address, found.isEmpty() && !another ? LAST_PATIENCE : PATIENCE);
            }
        }
    }

    private void lookUp(Found found, Address address, Duration patience) {
        try {
            for (InetAddress ip : names.addresses(address.host(), patience)) {
                found.add(Route.Via.ADDRESS, new InetSocketAddress(ip, address.port()), "");
            }
        } catch (UnknownHostException e) {
            found.bar(address, Candidate.State.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** What was found for one machine. */
    private final class Found {

        private final Machine machine;
        private final RouteKinds judge;
        private final Map<String, Way> ways = new LinkedHashMap<>();

        Found(Machine machine) {
            this.machine = machine;
            // A network that is gone for a second already is one to which a packet would go by another.
            this.judge = machine.address().isLocalName() ? kinds.asOfNow() : kinds;
        }

        /** Whether nothing was found yet that may be dialed. */
        boolean isEmpty() {
            return ways.values().stream().allMatch(way -> way instanceof Way.Barred);
        }

        void add(Route.Via via, InetSocketAddress socket, String how) {
            RouteKinds.Judgement judgement = judge.judge(socket.getAddress());
            String barred = barred(via, judgement);
            Candidate candidate = new Candidate(
                    judgement.kind(),
                    via,
                    Route.Transport.GRPC,
                    Address.of(socket).toString(),
                    Candidate.State.UNTRIED,
                    how.isEmpty() ? judgement.reason() : how + ", " + judgement.reason(),
                    null);
            put(
                    barred.isEmpty()
                            ? new Way.Direct(candidate, socket)
                            : new Way.Barred(candidate.as(Candidate.State.EXCLUDED, barred)));
        }

        private String barred(Route.Via via, RouteKinds.Judgement judgement) {
            if (judgement.kind() == Route.Kind.LAN) {
                return "";
            }
            if (machine.routePolicy() == RoutePolicy.LAN_ONLY) {
                return "the route policy is LAN_ONLY, and this is a " + judgement.reason();
            }
            if (machine.address().isLocalName()) {
                return "a .local.viam.cloud name means a network of the gateway's own, and this is a "
                        + judgement.reason();
            }
            // Without a certificate nothing shows whose address it is that somebody announced.
            return via == Route.Via.MDNS && machine.tls().mode() == Tls.Mode.PLAINTEXT
                    ? "announced, but without TLS only a network of the gateway's own is trusted, and this is a "
                            + judgement.reason()
                    : "";
        }

        void bar(Address address, Candidate.State state, String reason) {
            put(new Way.Barred(new Candidate(
                    null, Route.Via.ADDRESS, Route.Transport.GRPC, address.toString(), state, reason, null)));
        }

        void put(Way way) {
            if (ways.size() < MOST) {
                ways.putIfAbsent(way.candidate().key(), way);
            }
        }

        List<Way> sorted() {
            List<Way> sorted = new ArrayList<>(ways.values());
            sorted.sort(Comparator.comparingInt(way -> way.candidate().rank()));
            return sorted;
        }
    }
}
