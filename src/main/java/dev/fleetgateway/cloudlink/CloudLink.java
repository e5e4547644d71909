package dev.fleetgateway.cloudlink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.cloud.CloudView;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of one machine's contact with its cloud. */
final class CloudLink {

    private final Duration pausedAfter;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Heartbeat heartbeat;

    @GuardedBy("lock")
    private @Nullable Instant heardAt;

    /** How often the connection was lost: all there is to tell a start by where a machine says no more. */
    @GuardedBy("lock")
    private int losses;

    @GuardedBy("lock")
    private boolean reached;

    @GuardedBy("lock")
    private Connection.@Nullable Snapshot known;

    private volatile String partId = "";

    private volatile Sync sync;

    CloudLink(Duration pausedAfter, Instant now) {
        this.pausedAfter = pausedAfter;
        this.sync = new Sync(
                Sync.State.UNKNOWN,
                now.truncatedTo(ChronoUnit.MILLIS),
                "the machine has not answered yet",
                Sync.Confidence.LOW,
                List.of());
    }

    Sync sync() {
        return sync;
    }

    /** By which the cloud knows it; empty where it has none, or has not said. */
    String partId() {
        return partId;
    }

    /** Takes in what its connection tells. */
    void changed(
            Connection.Snapshot news,
            Function<String, @Nullable CloudView> cloud,
            Uplink uplink,
            long nanos,
            Instant now) {
        lock.lock();
        try {
            boolean ready = news.state().ready();
            if (reached && !ready) {
                losses++;
            }
            reached = ready;
            known = news;
            MachineReport report = news.report();
            if (report != null && report.partId() != null) {
                partId = report.partId();
            }
            if (ready && report != null && !report.observedAt().equals(heardAt)) {
                heardAt = report.observedAt();
                hear(report, nanos);
            }
            judge(news, cloud, uplink, now);
        } finally {
            lock.unlock();
        }
    }

    /** Judges anew; whether something else is said. */
    boolean judge(Function<String, @Nullable CloudView> cloud, Uplink uplink, Instant now) {
        lock.lock();
        try {
            Connection.Snapshot last = known;
            if (last == null) {
                return false;
            }
            Sync before = sync;
            judge(last, cloud, uplink, now);
            return !before.steady().equals(sync.steady());
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void judge(
            Connection.Snapshot last, Function<String, @Nullable CloudView> cloud, Uplink uplink, Instant now) {
        CloudView view = partId.isEmpty() ? null : cloud.apply(partId);
        Sync judged = Verdict.of(new Verdict.Known(Reach.of(last), last.report(), heartbeat, view, uplink, now));
        Instant since =
                judged.state() == sync.state() ? sync.since() : judged.since().truncatedTo(ChronoUnit.MILLIS);
        sync = judged.since(since);
    }

    @GuardedBy("lock")
    private void hear(MachineReport report, long nanos) {
        Reading reading = Reading.of(nanos, report, losses);
        if (reading == null) {
            return;
        }
        heartbeat = heartbeat == null ? Heartbeat.first(reading, pausedAfter) : heartbeat.after(reading);
    }
}
