package dev.fleetgateway.cloudlink;

import dev.fleetgateway.cloud.CloudView;
import dev.fleetgateway.cloud.CloudWatch;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.time.Moment;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.Uplink;
import dev.fleetgateway.uplink.UplinkWatch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The verdict on every machine's sync, as of its last news. As bounded as the fleet is. Safe for use by many threads; nothing here
 * blocks.
 */
@Component
public final class CloudLinks implements Connections.Listener {

    private final Time time;
    private final SyncSettings settings;
    private final CloudLink.Surroundings around;
    private final ConcurrentMap<String, CloudLink> links = new ConcurrentHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private volatile Uplink.State judgedBy;

    /** Knows of nobody until the connections tell. */
    CloudLinks(Connections connections, SyncSettings settings, UplinkWatch uplink, CloudWatch cloud, Time time) {
        this.time = time;
        this.settings = settings;
        this.around = new CloudLink.Surroundings() {
            @Override
            public @Nullable CloudView cloud(String partId) {
                return cloud.view(partId).orElse(null);
            }

            @Override
            public String cloudTrouble() {
                return cloud.trouble();
            }

            @Override
            public Uplink uplink() {
                return uplink.now();
            }
        };
        this.judgedBy = uplink.now().state();
        connections.listen(this);
        cloud.want(this::parts);
        cloud.listen(this::seen);
        uplink.listen(this::judgeAll);
    }

    /** What is said of that machine's sync. */
    public Sync sync(String machine) {
        CloudLink link = links.get(machine);
        return link == null ? new CloudLink(settings.pausedAfter(), time.now()).sync() : link.sync();
    }

    /**
     * Tells of machines of which something else is said, though their connections brought no news.
     *
     * @param listener must not block
     */
    public void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    @Override
    public void changed(Connection.Snapshot snapshot) {
        links.computeIfAbsent(snapshot.machine().name(), _ -> new CloudLink(settings.pausedAfter(), time.now()))
                .changed(snapshot, around, Moment.now(time));
    }

    @Override
    public void removed(String machine) {
        links.remove(machine);
    }

    private Set<String> parts() {
        return links.values().stream()
                .map(CloudLink::partId)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Two names may lead to one part. */
    private void seen(Set<String> partIds) {
        for (Map.Entry<String, CloudLink> each : links.entrySet()) {
            if (partIds.contains(each.getValue().partId())) {
                judge(each.getKey(), each.getValue());
            }
        }
    }

    private void judgeAll(Uplink now) {
        Uplink.State before = judgedBy;
        judgedBy = now.state();
        if (before != now.state()) {
            links.forEach(this::judge);
        }
    }

    private void judge(String machine, CloudLink link) {
        if (link.judge(around, Moment.now(time))) {
            listeners.forEach(listener -> listener.accept(machine));
        }
    }
}
