package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one machine has, built from its specification once in each life: a restart leaves no motor powered. */
final class Resources {

    /** What a motion service moves. */
    private static final List<String> MOVERS = List.of("rdk:component:base", "rdk:component:arm");

    private final DriverFaults drivers;
    private final Map<String, Placed> placed = new LinkedHashMap<>();

    /** A resource and what became of it; without a component it could not be built. */
    record Placed(ResourceSpec spec, @Nullable Component component) {}

    Resources(List<ResourceSpec> specs, Time time, DriverFaults drivers) {
        this.drivers = drivers;
        for (ResourceSpec spec : specs) {
            Component component = spec.failure().isPresent() ? null : build(spec, time);
            if (placed.put(spec.fullName(), new Placed(spec, component)) != null) {
                throw new IllegalArgumentException("Two resources are called " + spec.fullName());
            }
        }
    }

    boolean has(String api, String name) {
        return placed.containsKey(api + '/' + name);
    }

    /** The component of that name, or the error a real machine answers with. */
    Component find(String api, String name) {
        Placed found = placed.get(api + '/' + name);
        if (found == null) {
            throw missing(api, name);
        }
        if (found.component() == null) {
            throw unavailable(api, name, found.spec().failure().orElse(""));
        }
        return found.component();
    }

    static Refusal missing(String api, String name) {
        return Refusal.of("no node found with api " + api + " and name " + name);
    }

    static Refusal unavailable(String api, String name, String reason) {
        return Refusal.of("resource " + api + '/' + name + " not available; reason=" + reason);
    }

    Collection<Placed> all() {
        return placed.values();
    }

    /** Those that work, in no particular order, as a real machine names them. */
    List<ResourceSpec> shuffled() {
        List<ResourceSpec> working = new ArrayList<>();
        for (Placed one : placed.values()) {
            if (one.component() != null) {
                working.add(one.spec());
            }
        }
        Collections.shuffle(working);
        return working;
    }

    /**
     * Stops the resource of that full name, if it is one that can be stopped, and tells when it stands. While its driver
     * hangs in Stop, or that of a wheel, it tells nothing; the other wheels stop all the same.
     */
    void stop(String fullName, Runnable stopped) {
        Placed found = placed.get(fullName);
        if (found == null || !(found.component() instanceof Component.Actuator actuator)) {
            stopped.run();
            return;
        }
        List<String> wheels = actuator instanceof Base ? found.spec().parts() : List.of();
        drivers.stop(found.spec().name(), () -> {
            if (wheels.isEmpty()) {
                actuator.stop();
                stopped.run();
                return;
            }
            AtomicInteger turning = new AtomicInteger(wheels.size());
            wheels.forEach(wheel -> stop("rdk:component:motor/" + wheel, () -> {
                if (turning.decrementAndGet() == 0) {
                    stopped.run();
                }
            }));
        });
    }

    /** Stops one after another, and goes no further than one that hangs. */
    void stop(Iterator<String> fullNames, Runnable stopped) {
        if (fullNames.hasNext()) {
            stop(fullNames.next(), () -> stop(fullNames, stopped));
        } else {
            stopped.run();
        }
    }

    void stopAll(Runnable stopped) {
        stop(placed.keySet().iterator(), stopped);
    }

    /** The process is gone: nothing goes on. */
    void end() {
        for (Placed one : placed.values()) {
            if (one.component() != null) {
                one.component().end();
            }
        }
    }

    private Component build(ResourceSpec spec, Time time) {
        return switch (spec.api()) {
            case "rdk:component:motor" -> new Motor(time, lingering(spec));
            case "rdk:component:base" -> base(spec, time);
            case "rdk:component:arm" -> new Arm(time, lingering(spec));
            case "rdk:component:board" -> new Board(time);
            case "rdk:component:encoder" -> new Encoder(motors(spec).getFirst());
            case "rdk:component:sensor" -> Plain.SENSOR;
            case "rdk:component:movement_sensor" -> Plain.MOVEMENT_SENSOR;
            case "rdk:component:camera" -> new Camera(time);
            case "rdk:component:gantry" -> new Fixture(Fixture.GANTRY_MM / 2);
            case "rdk:component:gripper", "rdk:component:servo" -> new Fixture(0d);
            case "rdk:component:button" -> Plain.BUTTON;
            case "rdk:component:switch" -> new Selector(spec.fullName());
            case "rdk:component:generic" -> Plain.GENERIC;
            case "rdk:service:data_manager" -> Plain.DATA_MANAGER;
            case "rdk:service:motion" -> new Motion(time, this::mover);
            case "rdk:service:navigation" -> new Navigation(new Pilot(time, drivenBy(spec)));
            default -> throw new IllegalArgumentException("The simulator has no " + spec.api() + " for " + spec.name());
        };
    }

    private Supplier<Optional<Duration>> lingering(ResourceSpec spec) {
        return () -> drivers.lingering(spec.name());
    }

    private Base base(ResourceSpec spec, Time time) {
        List<Motor> motors = motors(spec);
        int half = motors.size() / 2;
        return new Base(
                spec.name(), time, motors.subList(0, half), motors.subList(half, motors.size()), lingering(spec));
    }

    private @Nullable Component mover(String name) {
        for (String api : MOVERS) {
            Placed found = placed.get(api + '/' + name);
            if (found != null && found.component() != null) {
                return found.component();
            }
        }
        return null;
    }

    private Base drivenBy(ResourceSpec spec) {
        String part = spec.parts().isEmpty() ? "" : spec.parts().getFirst();
        Placed found = placed.get("rdk:component:base/" + part);
        if (found == null || !(found.component() instanceof Base base)) {
            throw new IllegalArgumentException(
                    spec.fullName() + " drives base " + part + ", which must stand before it");
        }
        return base;
    }

    private List<Motor> motors(ResourceSpec spec) {
        List<Motor> motors = new ArrayList<>();
        for (String part : spec.parts()) {
            Placed found = placed.get("rdk:component:motor/" + part);
            if (found == null || !(found.component() instanceof Motor motor)) {
                throw new IllegalArgumentException(
                        spec.fullName() + " is made of motor " + part + ", which must stand before it");
            }
            motors.add(motor);
        }
        if (motors.isEmpty()) {
            throw new IllegalArgumentException(spec.fullName() + " needs motors to be made of");
        }
        return motors;
    }
}
