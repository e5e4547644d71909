package dev.fleetgateway.connection;

import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Time;
import io.grpc.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An open link and what the gateway's own asking tells of it. A connection has one that carries, and at times another beside it.
 * Confined to the context of its connection.
 */
final class Line {

    private final SeenLink link;
    private final Dialer.Dial dial;
    private final Candidate candidate;
    private final MachineReport.@Nullable Software software;
    private final Time time;
    private final long openedAt;
    private @Nullable Watch watch;
    private long answeredAt;
    private boolean answered;
    private boolean doubted;
    private boolean provisional;
    private int missed;

    Line(Link link, Dialer.Dial dial, Candidate candidate, MachineReport.@Nullable Software software, Time time) {
        this.link = new SeenLink(link);
        this.dial = dial;
        this.candidate = candidate;
        this.software = software;
        this.time = time;
        this.openedAt = time.nanos();
        this.answeredAt = openedAt;
    }

    void start(Watch begun) {
        watch = begun;
        begun.start();
    }

    /** As calls take it; its route is that of the last look. */
    Link link() {
        return link;
    }

    /** As it was observed, at the last look. */
    Route route() {
        return link.route;
    }

    void observed(Route seen) {
        link.route = seen;
    }

    /** It carries from now on. */
    void carries(Instant since) {
        observed(route().carryingSince(since));
    }

    /** It was the first to answer when the machine was met, which says nothing yet of what stays. */
    void metFirst() {
        provisional = true;
    }

    /** Whether it is so still, for that long at most. */
    boolean provisional(Duration atMost) {
        return provisional && age().compareTo(atMost) < 0;
    }

    /** The candidate it was dialed as. */
    Candidate candidate() {
        return candidate;
    }

    MachineReport.@Nullable Software software() {
        return software;
    }

    /** Its machine answered. */
    void heard() {
        answered = true;
        doubted = false;
        missed = 0;
        answeredAt = time.nanos();
    }

    /** A poll got no answer. */
    int missedOne() {
        return ++missed;
    }

    int missed() {
        return missed;
    }

    /** Something else than a poll says that nobody is there. */
    void doubt() {
        doubted = true;
        if (watch != null) {
            watch.askNow();
        }
    }

    boolean doubted() {
        return doubted;
    }

    /** Whether its machine has answered on it, and not failed to since. */
    boolean good() {
        return answered && missed == 0 && !doubted && link.usable();
    }

    /** How long it has been open. */
    Duration age() {
        return time.since(openedAt);
    }

    /** How long ago its machine last answered, or it was opened. */
    Duration silence() {
        return time.since(answeredAt);
    }

    /** No call from now on; those in flight may end. */
    void retire() {
        stopWatching();
        dial.retire();
    }

    /** Ends it at once. */
    void close() {
        stopWatching();
        dial.close();
    }

    void stopWatching() {
        if (watch != null) {
            watch.close();
        }
    }

    /** The link that was opened, with the route it is known to take now: an answer says which way it came. */
    private static final class SeenLink implements Link {

        private final Link opened;

        // Written in the context only.
        private volatile Route route;

        SeenLink(Link opened) {
            this.opened = opened;
            this.route = opened.route();
        }

        @Override
        public Channel channel() {
            return opened.channel();
        }

        @Override
        public Route route() {
            return route;
        }

        @Override
        public CompletableFuture<Route> look() {
            return opened.look();
        }

        @Override
        public String identity() {
            return opened.identity();
        }

        @Override
        public boolean usable() {
            return opened.usable();
        }

        @Override
        public boolean worn() {
            return opened.worn();
        }
    }
}
