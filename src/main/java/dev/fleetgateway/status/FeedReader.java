package dev.fleetgateway.status;

import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.uplink.Uplink;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reader of the feed: a cursor. It is used by one thread at a time; only {@link #close} may come from another.
 */
public final class FeedReader implements AutoCloseable {

    /** Machines in one part of a snapshot. */
    static final int SNAPSHOT_PART = 200;

    /** Machines in one frame of changes: with ten frames a second, five thousand machines may change every second. */
    static final int CHANGES_PART = 500;

    private final Feed feed;
    private final Selector chosen;
    private final Runnable wake;

    private State state;
    private long seq;
    private long removedThrough;
    private @Nullable String lastName;
    private long lastBeat = -1;
    private @Nullable Uplink told;

    FeedReader(Feed feed, Selector chosen, @Nullable Cursor since, Runnable wake) {
        this.feed = feed;
        this.chosen = chosen;
        this.wake = wake;
        if (since == null) {
            state = State.SNAPSHOT;
            seq = feed.head();
        } else if (since.epoch().equals(feed.epoch()) && since.seq() <= feed.head()) {
            state = State.FOLLOWING;
            seq = since.seq();
        } else {
            state = State.GAP;
        }
        removedThrough = seq;
    }

    /**
     * What is next for this reader, or null if there is nothing now; {@code wake} is then called when there may be. Parts of a
     * snapshot follow each other at once; of all else there is one frame a beat.
     */
    public @Nullable Frame poll() {
        return switch (state) {
            case GAP -> gap();
            case SNAPSHOT -> snapshot();
            case FOLLOWING -> following();
        };
    }

    /** Ends it. May be called more than once, and by any thread. */
    @Override
    public void close() {
        feed.closed(this);
    }

    void wake() {
        wake.run();
    }

    private Frame gap() {
        feed.countDropped();
        state = State.SNAPSHOT;
        lastName = null;
        seq = feed.head();
        removedThrough = seq;
        return new Frame.Gap(feed.epoch(), seq);
    }

    private Frame snapshot() {
        List<Picture> part = new ArrayList<>();
        for (Picture picture : feed.picturesAfter(lastName)) {
            if (!chosen.matches(picture.machine().labels())) {
                continue;
            }
            if (part.size() == SNAPSHOT_PART) {
                lastName = part.getLast().machine().name();
                return new Frame.Snapshot(feed.epoch(), seq, List.copyOf(part), false);
            }
            part.add(picture);
        }
        state = State.FOLLOWING;
        return new Frame.Snapshot(feed.epoch(), seq, List.copyOf(part), true);
    }

    private @Nullable Frame following() {
        if (seq == feed.head()) {
            return uplink();
        }
        long beat = feed.beats();
        if (beat == lastBeat) {
            Frame uplink = uplink();
            if (uplink == null) {
                feed.beatSoon();
            }
            return uplink;
        }
        Frame frame = removedThrough > seq ? changes() : removed();
        if (frame != null) {
            lastBeat = beat;
            if (seq < feed.head()) {
                feed.beatSoon();
            }
        }
        return frame;
    }

    /** It is rare and small, and goes between two beats. */
    private @Nullable Frame uplink() {
        Uplink uplink = feed.uplink();
        if (uplink == null || uplink.equals(told)) {
            return null;
        }
        told = uplink;
        return new Frame.Uplink(feed.epoch(), seq, uplink);
    }

    // Removals go first and move the cursor no further than where it was: a reader that loses its link between the two
    // frames comes back to the same place and misses nothing.
    private @Nullable Frame removed() {
        long head = feed.head();
        Set<String> names = new LinkedHashSet<>();
        for (Feed.Removal removal : feed.removalsAfter(seq, head)) {
            if (chosen.matches(removal.labels()) && !visible(removal.name())) {
                names.add(removal.name());
            }
        }
        // Asked after the log was read, since it may have been cut while it was.
        if (seq < feed.forgotten()) {
            return gap();
        }
        removedThrough = head;
        return names.isEmpty() ? changes() : new Frame.Removed(feed.epoch(), seq, List.copyOf(names));
    }

    private @Nullable Frame changes() {
        List<Picture> part = new ArrayList<>();
        long upTo = removedThrough;
        for (Picture picture : feed.changesAfter(seq)) {
            if (!chosen.matches(picture.machine().labels())) {
                continue;
            }
            part.add(picture);
            if (part.size() == CHANGES_PART) {
                // What is newer than the removals told so far is sent early, and again with the next frame.
                upTo = Math.min(upTo, picture.seq());
                break;
            }
        }
        seq = upTo;
        return part.isEmpty() ? null : new Frame.Changes(feed.epoch(), seq, List.copyOf(part));
    }

    private boolean visible(String name) {
        return feed.picture(name)
                .map(picture -> chosen.matches(picture.machine().labels()))
                .orElse(false);
    }

    private enum State {
        GAP,
        SNAPSHOT,
        FOLLOWING
    }
}
