package dev.fleetgateway.machine;

import dev.fleetgateway.problem.SettingsException;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fleet as its sources name it, read again when one of them has changed. */
public final class ConfiguredFleet implements Fleet, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ConfiguredFleet.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final List<MachineSource> sources;
    private final Time time;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, Machine> machines;
    private volatile boolean closed;

    /**
     * Reads all sources once.
     *
     * @throws SettingsException where one makes no sense, or two name the same machine
     */
    public ConfiguredFleet(List<MachineSource> sources, Time time) {
        this.sources = List.copyOf(sources);
        this.time = time;
        this.machines = readAll();
        lookLater();
    }

    @Override
    public Collection<Machine> machines() {
        return machines.values();
    }

    @Override
    public Optional<Machine> machine(String name) {
        return Optional.ofNullable(machines.get(name));
    }

    @Override
    public synchronized void listen(Listener listener) {
        listeners.add(listener);
        machines.values().forEach(listener::added);
    }

    @Override
    public synchronized void reload() {
        Map<String, Machine> before = machines;
        Map<String, Machine> after = readAll();
        machines = after;
        List<Machine> gone = new ArrayList<>();
        List<Machine> come = new ArrayList<>();
        before.forEach((name, machine) -> {
            if (!machine.equals(after.get(name))) {
                gone.add(machine);
            }
        });
        after.forEach((name, machine) -> {
            if (!machine.equals(before.get(name))) {
                come.add(machine);
            }
        });
        for (Listener listener : listeners) {
            gone.forEach(listener::removed);
            come.forEach(listener::added);
        }
        if (!gone.isEmpty() || !come.isEmpty()) {
            log.info(
                    "The fleet has {} machines: {} came or changed, {} went or changed",
                    after.size(),
                    come.size(),
                    gone.size());
        }
    }

    private Map<String, Machine> readAll() {
        Map<String, Machine> all = new TreeMap<>();
        for (MachineSource source : sources) {
            for (Machine machine : source.read()) {
                if (all.putIfAbsent(machine.name(), machine) != null) {
                    throw new SettingsException(
                            "gateway.machines." + machine.name(),
                            "is named by two sources",
                            "Name each machine once, in the settings or in the machines' file.");
                }
            }
        }
        return Collections.unmodifiableMap(all);
    }

    private void lookLater() {
        var _ = time.after(LOOK_EVERY, () -> Thread.startVirtualThread(this::look));
    }

    private void look() {
        if (closed) {
            return;
        }
        try {
            if (sources.stream().anyMatch(MachineSource::changed)) {
                reload();
            }
        } catch (SettingsException e) {
            log.error("The machines stay as they were: {}. {}", e.getMessage(), e.action());
        } finally {
            lookLater();
        }
    }

    /** Stops looking for changes. */
    @Override
    public void close() {
        closed = true;
    }
}
