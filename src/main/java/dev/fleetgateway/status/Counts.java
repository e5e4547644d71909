package dev.fleetgateway.status;

import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.route.Route;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Machines counted by what their pictures say. */
final class Counts {

    private final Pictures pictures;

    Counts(Pictures pictures) {
        this.pictures = pictures;
    }

    /** How many there are of each, what there is none of left out. */
    Map<String, Integer> by(Function<MachinePicture, String> property) {
        Map<String, Integer> counts = new TreeMap<>();
        pictures.all().forEach(picture -> counts.merge(property.apply(picture.machine()), 1, Integer::sum));
        return counts;
    }

    /** How many of one kind. */
    double of(Function<MachinePicture, String> property, String value) {
        return by(property).getOrDefault(value, 0);
    }

    /** How many are carried over the internet though their policy prefers the LAN. */
    double unpreferred() {
        return pictures.all().stream()
                .filter(picture -> unpreferred(picture.machine()))
                .count();
    }

    static boolean unpreferred(MachinePicture machine) {
        MachinePicture.Route route = machine.route();
        return route != null && route.policy() == RoutePolicy.PREFER_LAN && route.kind() == Route.Kind.INTERNET;
    }

    /** Whether it is to be reached and is not; one that is parked is not to be. */
    static boolean unreachable(MachinePicture machine) {
        return switch (machine.connection().state()) {
            case "CONNECTING", "TRANSIENT_FAILURE" -> true;
            default -> false;
        };
    }

    static String connection(MachinePicture machine) {
        return machine.connection().state();
    }

    static String sync(MachinePicture machine) {
        return machine.sync().state().name();
    }

    static String route(MachinePicture machine) {
        MachinePicture.Route route = machine.route();
        return route == null ? "none" : route.kind() + " " + route.via() + " " + route.transport();
    }
}
