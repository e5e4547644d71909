package dev.fleetgateway.cloudlink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.cloud.CloudView;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.time.Moment;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is known of one machine's contact with its cloud. */
final class CloudLink {

    /** What else a verdict rests on, as of the moment it is asked for. */
    interface Surroundings {

        /** What the cloud says of a part; null where it does not. */
        @Nullable
        CloudView cloud(String partId);

        /** Why the cloud does not answer; empty where it does, or is not asked. */
        String cloudTrouble();

        /** The gateway's own way to the internet. */
        Uplink uplink();
    }

    private final Duration pausedAfter;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Heartbeat heartbeat;

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
    void changed(Connection.Snapshot news, Surroundings around, Moment now) {
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
            if (ready && report != null) {
                hear(report);
            }
            judge(news, around, now);
        } finally {
            lock.unlock();
        }
    }

    /** Judges anew; whether something else is said. */
    boolean judge(Surroundings around, Moment now) {
        lock.lock();
        try {
            Connection.Snapshot last = known;
            if (last == null) {
                return false;
            }
            Sync before = sync;
            judge(last, around, now);
            return !before.steady().equals(sync.steady());
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void judge(Connection.Snapshot last, Surroundings around, Moment now) {
        Sync judged = Verdict.of(new Verdict.Known(
                Reach.of(last),
                last.report(),
                heartbeat,
                partId.isEmpty() ? null : around.cloud(partId),
                partId.isEmpty() ? "" : around.cloudTrouble(),
                around.uplink(),
                now));
        Instant since =
                judged.state() == sync.state() ? sync.since() : judged.since().truncatedTo(ChronoUnit.MILLIS);
        sync = judged.since(since);
    }

    @GuardedBy("lock")
    private void hear(MachineReport report) {
        Reading reading = Reading.of(report, losses);
        // News of a connection may bring an answer once more, and an answer may come without a word of its
        // configuration.
        if (reading == null
                || (heartbeat != null
                        && reading.moment().equals(heartbeat.last().moment()))) {
            return;
        }
        heartbeat = heartbeat == null ? Heartbeat.first(reading, pausedAfter) : heartbeat.after(reading);
    }
}
