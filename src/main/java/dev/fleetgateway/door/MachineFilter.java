package dev.fleetgateway.door;

import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.status.MachinePicture;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which machines a list shows. What is null is not asked for.
 *
 * @param name a part of the name
 * @param connection the connection's state
 * @param route the kind of the route in use
 */
record MachineFilter(
        Selector selector,
        @Nullable String name,
        @Nullable ConnectionWord connection,
        Route.@Nullable Kind route,
        Sync.@Nullable State sync) {

    static MachineFilter of(Parameters parameters) {
        Selector selector = parameters.read("selector", Selector::parse);
        String name = parameters.text("name");
        return new MachineFilter(
                selector == null ? Selector.ALL : selector,
                name == null ? null : name.toLowerCase(Locale.ROOT),
                parameters.word("connection", ConnectionWord.class),
                parameters.word("route", Route.Kind.class),
                parameters.word("sync", Sync.State.class));
    }

    boolean shows(MachinePicture machine) {
        return selector.matches(machine.labels())
                && (name == null || machine.name().contains(name))
                && (connection == null || machine.connection().state().equals(connection.name()))
                && (route == null || (machine.route() != null && machine.route().kind() == route))
                && (sync == null || machine.sync().state() == sync);
    }

    /** The same for equal filters, in this life and the next: it ties a page's token to the list it continues. */
    String fingerprint() {
        return Integer.toHexString(Objects.hash(
                selector.toString(),
                name,
                connection == null ? null : connection.name(),
                route == null ? null : route.name(),
                sync == null ? null : sync.name()));
    }

    /** The states of a connection as callers write them. */
    enum ConnectionWord {
        IDLE,
        CONNECTING,
        READY,
        TRANSIENT_FAILURE,
        SHUTDOWN
    }
}
