package dev.fleetgateway.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.motion.Errand;
import dev.fleetgateway.status.MachinePicture.Freshness;
import dev.fleetgateway.status.MachinePicture.Lifecycle;
import dev.fleetgateway.time.Moment;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one machine. What comes in is folded into a picture and published under one lock, so that the newest
 * picture is always the last one published.
 */
final class Watched {

    private final Time time;
    private final Consumer<MachinePicture> made;
    private final String owner;
    private final Duration staleAfter;
    private final Supplier<Moving> moving;
    private final Supplier<Sync> sync;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Connection.@Nullable Snapshot snapshot;

    /** When its last report came: a reading of {@link Time#nanos()}. */
    @GuardedBy("lock")
    private long reportedAt;

    @GuardedBy("lock")
    private Freshness freshness;

    @GuardedBy("lock")
    private Lifecycle lifecycle;

    @GuardedBy("lock")
    private Motion motion;

    @GuardedBy("lock")
    private Away away = Away.UNKNOWN;

    @GuardedBy("lock")
    private @Nullable LastStop lastStop;

    @GuardedBy("lock")
    private boolean removed;

    Watched(
            Time time,
            Consumer<MachinePicture> made,
            String owner,
            Duration staleAfter,
            Supplier<Moving> moving,
            Supplier<Sync> sync) {
        this.time = time;
        this.made = made;
        this.owner = owner;
        this.staleAfter = staleAfter;
        this.moving = moving;
        this.sync = sync;
        Instant added = Shown.at(time.now());
        this.freshness = new Freshness(Freshness.State.STALE, added);
        this.lifecycle = new Lifecycle(MachineReport.Lifecycle.UNKNOWN, added, "it has not answered yet");
        this.motion = Motion.unknown(added, "it has not answered yet");
    }

    void changed(Connection.Snapshot news) {
        lock.lock();
        try {
            boolean wasReady = snapshot != null && snapshot.state().ready();
            MachineReport report = news.report();
            if (report != null && (snapshot == null || isAnother(report, snapshot.report()))) {
                reportedAt = time.nanos();
            }
            snapshot = news;
            if (report != null) {
                lifecycle = lifecycle(news, report);
            }
            if (!news.state().ready()) {
                away = away.lost();
            }
            if (!news.state().ready() && motion.state() != Motion.State.UNKNOWN) {
                motion = lost(motion, news.state().since());
            } else if (news.state().ready() && !wasReady) {
                motion = motion.then(Motion.unknown(Shown.at(time.now()), "its actuators have not been asked yet"));
            }
            freshness = freshness(news);
            publish(news);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isAnother(MachineReport report, @Nullable MachineReport before) {
        return before == null || !report.observedAt().equals(before.observedAt());
    }

    @GuardedBy("lock")
    private Lifecycle lifecycle(Connection.Snapshot news, MachineReport report) {
        if (!news.state().ready()) {
            return lifecycle.state() == MachineReport.Lifecycle.UNKNOWN
                    ? lifecycle
                    : new Lifecycle(
                            MachineReport.Lifecycle.UNKNOWN,
                            Shown.at(news.state().since()),
                            "not connected; it was " + lifecycle.state() + " when it last answered");
        }
        Instant since = report.lifecycle() == lifecycle.state() ? lifecycle.since() : Shown.at(report.observedAt());
        return new Lifecycle(report.lifecycle(), since, report.lifecycleReason());
    }

    Optional<Ways> ways() {
        lock.lock();
        try {
            return Optional.ofNullable(snapshot).map(Shown::ways);
        } finally {
            lock.unlock();
        }
    }

    void moved(Motion found) {
        lock.lock();
        try {
            // An answer that comes after its connection was lost says nothing of now.
            if (snapshot != null && snapshot.state().ready()) {
                motion = motion.then(found);
                publish(snapshot);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A command has sent one of its services on an errand. */
    void sent(Errand errand) {
        lock.lock();
        try {
            away = away.sent(errand, Moment.now(time));
            if (snapshot != null) {
                publish(snapshot);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes in what its services said of their errands; false where none of them is on any. */
    boolean heard(Away.Heard news) {
        lock.lock();
        try {
            if (snapshot != null && snapshot.state().ready()) {
                Away before = away;
                away = away.heard(news);
                if (!away.equals(before)) {
                    publish(snapshot);
                }
            }
            return away.any();
        } finally {
            lock.unlock();
        }
    }

    void stopped(LastStop stop) {
        lock.lock();
        try {
            lastStop = stop;
            if (snapshot != null) {
                publish(snapshot);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Who moves it has changed, or is to be shown as it is now. */
    void refresh() {
        lock.lock();
        try {
            if (snapshot != null) {
                publish(snapshot);
            }
        } finally {
            lock.unlock();
        }
    }

    void judgeFreshness() {
        lock.lock();
        try {
            Connection.Snapshot known = snapshot;
            if (known == null) {
                return;
            }
            Freshness judged = freshness(known);
            if (!judged.equals(freshness)) {
                freshness = judged;
                publish(known);
            }
        } finally {
            lock.unlock();
        }
    }

    /** No picture is made any more, and this is the last that is told. */
    void removed(Runnable told) {
        lock.lock();
        try {
            removed = true;
            told.run();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void publish(Connection.Snapshot known) {
        if (!removed) {
            made.accept(Shown.picture(
                    known, owner, sync.get(), freshness, lifecycle, motion.with(away.shown()), lastStop, moving.get()));
        }
    }

    @GuardedBy("lock")
    private Freshness freshness(Connection.Snapshot known) {
        Instant now = time.now();
        MachineReport report = known.report();
        boolean live = known.state().ready()
                && report != null
                && known.missedPolls() < 2
                && time.since(reportedAt).compareTo(staleAfter) <= 0;
        Freshness.State state = live ? Freshness.State.LIVE : Freshness.State.STALE;
        return state == freshness.state() ? freshness : new Freshness(state, Shown.at(now));
    }

    private static Motion lost(Motion before, Instant at) {
        String last = before.state() == Motion.State.MOVING
                ? "there is no connection; when last seen, it moved: " + String.join(", ", before.moving())
                : "there is no connection; when last seen, it stood still";
        return new Motion(Motion.State.UNKNOWN, Shown.at(at), last, before.observedAt(), before.moving(), null);
    }
}
