package dev.fleetgateway.route;

import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the ways that may lead to a machine: every address of every name it is configured with, the nearest first. */
public final class Candidates {

    /** Addresses tried for one machine; a name with more is no machine. */
    private static final int MOST = 16;

    private final RouteKinds kinds;
    private final NameLookup names;

    /** Judges addresses by these kinds, and looks up names there. */
    public Candidates(RouteKinds kinds, NameLookup names) {
        this.kinds = kinds;
        this.names = names;
    }

    /** Finds the addresses of a host name; an IP address is its own. May block. */
    @FunctionalInterface
    public interface NameLookup {

        /** All addresses of the host, at least one. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** The ways to a machine as they are now. Looks up names, so it may block: not for an event loop. */
    public List<Way> of(Machine machine) {
        Map<String, Way> ways = new LinkedHashMap<>();
        List<Address> addresses = new ArrayList<>(List.of(machine.address()));
        addresses.addAll(machine.addresses());
        for (Address address : addresses) {
            if (machine.routePolicy() == RoutePolicy.INTERNET_ONLY) {
                put(
                        ways,
                        null,
                        address.toString(),
                        null,
                        Candidate.State.EXCLUDED,
                        "the route policy is INTERNET_ONLY");
                continue;
            }
            try {
                for (InetAddress ip : names.addresses(address.host())) {
                    if (ways.size() < MOST) {
                        judge(ways, machine, address, ip);
                    }
                }
            } catch (UnknownHostException e) {
                put(
                        ways,
                        null,
                        address.toString(),
                        null,
                        Candidate.State.FAILED,
                        "no address is known for " + address.host());
            }
        }
        List<Way> sorted = new ArrayList<>(ways.values());
        sorted.sort(
                Comparator.comparing(way -> way.candidate().kind(), Comparator.nullsLast(Comparator.naturalOrder())));
        return sorted;
    }

    private void judge(Map<String, Way> ways, Machine machine, Address address, InetAddress ip) {
        RouteKinds.Judgement judgement = kinds.judge(ip);
        String excluded = excluded(machine.routePolicy(), address, judgement);
        put(
                ways,
                judgement.kind(),
                new Address(ip.getHostAddress(), address.port()).toString(),
                excluded == null ? new InetSocketAddress(ip, address.port()) : null,
                excluded == null ? Candidate.State.UNTRIED : Candidate.State.EXCLUDED,
                excluded == null ? judgement.reason() : excluded);
    }

    private static @Nullable String excluded(RoutePolicy policy, Address address, RouteKinds.Judgement judgement) {
        if (judgement.kind() == Route.Kind.LAN) {
            return null;
        }
        if (policy == RoutePolicy.LAN_ONLY) {
            return "the route policy is LAN_ONLY, and this is a " + judgement.reason();
        }
        return address.host().endsWith(".local.viam.cloud")
                ? "a .local.viam.cloud name means a network of the gateway's own, and this is a " + judgement.reason()
                : null;
    }

    private static void put(
            Map<String, Way> ways,
            Route.@Nullable Kind kind,
            String address,
            @Nullable InetSocketAddress socket,
            Candidate.State state,
            String reason) {
        Candidate candidate =
                new Candidate(kind, Route.Via.ADDRESS, Route.Transport.GRPC, address, state, reason, null);
        ways.putIfAbsent(address, socket == null ? new Way.Barred(candidate) : new Way.Direct(candidate, socket));
    }
}
