package dev.fleetgateway.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One resource that a simulated machine is to have.
 *
 * @param api such as {@code rdk:component:motor}
 * @param parts the motors it is made of: for a base first the left ones, then as many right ones; for an encoder its motor;
 *     for a navigation service the base that it drives
 * @param failure why it cannot be built; it is then listed as unhealthy and refuses every call with these words
 */
public record ResourceSpec(String api, String name, List<String> parts, Optional<String> failure) {

    /** Copies the parts. */
    public ResourceSpec {
        parts = List.copyOf(parts);
    }

    /** A resource that stands alone and works. */
    public static ResourceSpec of(String api, String name, String... parts) {
        return new ResourceSpec(api, name, List.of(parts), Optional.empty());
    }

    /** The same, but it cannot be built. */
    public ResourceSpec failing(String reason) {
        return new ResourceSpec(api, name, parts, Optional.of(reason));
    }

    /** Such as {@code rdk:component:motor/m1}. */
    public String fullName() {
        return api + '/' + name;
    }

    /** A navigation service that drives the base of that name, which stands before it. */
    public static ResourceSpec navigation(String name, String base) {
        return of("rdk:service:navigation", name, base);
    }

    /** One of each common kind: m1, m2, base1 on both, s1, cam1, ms1, board1, e1 on m1, g1, arm1 and the data manager. */
    public static List<ResourceSpec> oneOfEach() {
        return List.of(
                of("rdk:component:motor", "m1"),
                of("rdk:component:motor", "m2"),
                of("rdk:component:base", "base1", "m1", "m2"),
                of("rdk:component:sensor", "s1"),
                of("rdk:component:camera", "cam1"),
                of("rdk:component:movement_sensor", "ms1"),
                of("rdk:component:board", "board1"),
                of("rdk:component:encoder", "e1", "m1"),
                of("rdk:component:generic", "g1"),
                of("rdk:component:arm", "arm1"),
                of("rdk:service:data_manager", "builtin"));
    }

    /**
     * One of every kind the simulator has, so that every monitored method exists: {@link #oneOfEach()}, then gantry1,
     * gripper1, servo1, button1, switch1, the motion service and nav1, which drives base1.
     */
    public static List<ResourceSpec> oneOfEveryKind() {
        List<ResourceSpec> all = new ArrayList<>(oneOfEach());
        for (String kind : List.of("gantry", "gripper", "servo", "button", "switch")) {
            all.add(of("rdk:component:" + kind, kind + '1'));
        }
        all.add(of("rdk:service:motion", "builtin"));
        all.add(navigation("nav1", "base1"));
        return List.copyOf(all);
    }
}
