package dev.fleetgateway.cloudlink;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.UplinkWatch;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/**
 * The verdict on every machine's sync, as of its last news. As bounded as the fleet is. Safe for use by many threads; nothing here
 * blocks.
 */
@Component
public final class CloudLinks implements Connections.Listener {

    private final Time time;
    private final SyncSettings settings;
    private final UplinkWatch uplink;
    private final ConcurrentMap<String, CloudLink> links = new ConcurrentHashMap<>();

    /** Knows of nobody until the connections tell. */
    CloudLinks(Connections connections, SyncSettings settings, UplinkWatch uplink, Time time) {
        this.time = time;
        this.settings = settings;
        this.uplink = uplink;
        connections.listen(this);
    }

    /** What is said of that machine's sync. */
    public Sync sync(String machine) {
        CloudLink link = links.get(machine);
        return link == null ? new CloudLink(settings.pausedAfter(), time.now()).sync() : link.sync();
    }

    @Override
    public void changed(Connection.Snapshot snapshot) {
        links.computeIfAbsent(snapshot.machine().name(), _ -> new CloudLink(settings.pausedAfter(), time.now()))
                .changed(snapshot, uplink.now(), time.nanos(), time.now());
    }

    @Override
    public void removed(String machine) {
        links.remove(machine);
    }
}
