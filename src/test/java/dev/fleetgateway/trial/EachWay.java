package dev.fleetgateway.trial;

import dev.fleetgateway.simulator.ManagedMachine;
import dev.fleetgateway.trial.Rounds.Measure;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What must go over each way to a machine alike. */
final class EachWay {

    private static final long TOLD = 2_100;
    private static final String UNMANAGED = "rover.unmanaged";
    private static final long LARGE = 64 * 1024;

    private final RouteScene scene;
    private final Rounds rounds;

    /**
     * A way, as the gateway must show it.
     *
     * @param peer what its far end looks like
     */
    record Way(String kind, String via, String transport, String peer) implements Predicate<JsonNode> {

        @Override
        public boolean test(JsonNode route) {
            return route.path("kind").asString("").equals(kind)
                    && route.path("via").asString("").equals(via)
                    && route.path("transport").asString("").equals(transport)
                    && Pattern.matches(peer, route.path("peer").asString(""));
        }
    }

    /** Makes the way the one there is. */
    interface Opening {
        void open() throws Exception;
    }

    EachWay(RouteScene scene, Rounds rounds) {
        this.scene = scene;
        this.rounds = rounds;
    }

    /** Tries one of them. */
    void row(String title, Way way, Opening opening) throws Exception {
        if (!rounds.has(title)) {
            return;
        }
        rounds.check(title, Measure.atMost("shown as it is, from the start of all", 30_000), 1, () -> {
            scene.internet().mend();
            long at = System.nanoTime();
            opening.open();
            try {
                scene.awaitRoute(way, 30);
            } catch (IllegalStateException e) {
                throw new IllegalStateException("shown is " + scene.route(), e);
            }
            System.out.println("  " + scene.route());
            return run(at, "");
        });
        rounds.check(title, Measure.atMost("a read", 1_000), 3, this::read);
        rounds.check(title, Measure.atMost("resources listed, a raw call", 3_000), 1, this::reflection);
        rounds.check(title, Measure.atMost("a picture of more than 64 KiB", 5_000), 2, this::picture);
        rounds.check(title, Measure.atMost("SetPower, released", TOLD), 3, this::released);
        rounds.check(title, Measure.atMost("SetPower, holder silent", Rest.WINDOW_MILLIS + TOLD), 3, this::silent);
        rounds.check(title, Measure.atMost("GoFor, hung up on", TOLD), 3, this::hungUp);
    }

    private Table.Run read() throws Exception {
        long at = System.nanoTime();
        scene.rest().ask("POST", "/components/motor/m1/IsPowered", null, "{}").ok();
        return run(at, "");
    }

    private Table.Run reflection() throws Exception {
        long at = System.nanoTime();
        JsonNode resources =
                scene.rest().ask("GET", "/resources", null, null).ok().path("resources");
        boolean listed = resources
                .valueStream()
                .filter(each -> each.path("name").asString("").equals("m1"))
                .flatMap(each -> each.path("methods").valueStream())
                .anyMatch(each -> each.path("name").asString("").equals("SetPower")
                        && each.path("monitored").asBoolean(false));
        JsonNode names = scene.rest()
                .ask("POST", "/rpc/viam.robot.v1.RobotService/ResourceNames", null, "{}")
                .ok()
                .path("resources");
        return run(at, !listed ? "m1's SetPower is not listed: " + resources : names.isEmpty() ? "no names" : "");
    }

    private Table.Run picture() throws Exception {
        long at = System.nanoTime();
        JsonNode cloud = scene.rest()
                .ask("POST", "/components/camera/cam1/GetPointCloud", null, "{\"mimeType\":\"pointcloud/pcd\"}")
                .ok();
        int size = cloud.path("pointCloud").asString("").length() / 4 * 3;
        return run(at, size > LARGE ? "" : "it has " + size + " bytes");
    }

    private Table.Run released() throws Exception {
        try (Holder holder = new Holder(scene.rest())) {
            drive(holder);
            // Longer than a session lives unheard.
            Thread.sleep(2_500);
            long at = System.nanoTime();
            if (!scene.motors().on("m1", at)) {
                return new Table.Run(Double.POSITIVE_INFINITY, "it stood though its holder was present");
            }
            holder.release().ok();
            return stands(at, TOLD);
        }
    }

    private Table.Run silent() throws Exception {
        try (Holder holder = new Holder(scene.rest())) {
            drive(holder);
            Thread.sleep(1_000);
            return stands(holder.fallSilent(), Rest.WINDOW_MILLIS + TOLD);
        }
    }

    private Table.Run hungUp() throws Exception {
        Motors motors = scene.motors();
        try (Holder holder = new Holder(scene.rest())) {
            long at = holder.goForAndHangUp(1_000);
            if (!motors.on("m1", at)) {
                return new Table.Run(Double.POSITIVE_INFINITY, "it was not set about");
            }
            Table.Run run = stands(at, TOLD);
            int left = motors.operations("GoFor");
            return left == 0 ? run : new Table.Run(run.millis(), "the machine still has " + left + " in flight");
        }
    }

    private void drive(Holder holder) throws Exception {
        holder.power("5s").ok();
        scene.motors().awaitOn("m1");
    }

    private Table.Run stands(long at, long bound) throws Exception {
        OptionalLong off = scene.motors().awaitFirst("m1", "off", at, bound + 2_000);
        if (off.isEmpty()) {
            return new Table.Run(Double.POSITIVE_INFINITY, "it goes on");
        }
        double millis = (off.getAsLong() - at) / 1e6;
        return new Table.Run(millis, millis > bound ? "late" : "");
    }

    private static Table.Run run(long at, String complaint) {
        return new Table.Run(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - at) / 1e3, complaint);
    }

    /** The ways to a machine that the cloud manages. */
    void managed() throws Exception {
        String lan = "10\\.99\\.2\\.2:\\d+";
        row(
                "managed, by mDNS",
                new Way("LAN", "MDNS", "GRPC", lan),
                () -> scene.startGateway(scene.managed(RouteScene.NAME), RouteScene.cloud()));
        row(
                "managed, by mDNS on all interfaces",
                new Way("LAN", "MDNS", "GRPC", lan),
                () -> scene.startGateway(
                        scene.managed(RouteScene.NAME), RouteScene.cloudOnly() + "discovery: {known-file: ''}"));
        row(
                "managed, by its local name",
                new Way("LAN", "MDNS", "GRPC", lan),
                () -> scene.startGateway(scene.managed(RouteScene.LOCAL_NAME), RouteScene.cloud()));
        row(
                "managed, by address",
                new Way("LAN", "ADDRESS", "GRPC", "10\\.99\\.2\\.2:8080"),
                () -> scene.startGateway(byAddress("10.99.2.2:8080"), nothingHeard()));
        row(
                "managed, through signaling, no LAN",
                new Way("INTERNET", "SIGNALING", "WEBRTC", "203\\.0\\.113\\.2:\\d+"),
                () -> {
                    scene.internet().unplugGateway();
                    scene.startGateway(scene.managed(RouteScene.NAME), RouteScene.cloud());
                });
        row(
                "managed, through signaling, beside a LAN",
                new Way("LAN", "SIGNALING", "WEBRTC", "10\\.99\\.2\\.2:\\d+"),
                () -> scene.startGateway(
                        scene.managed(RouteScene.NAME) + "route-policy: INTERNET_ONLY\n", RouteScene.cloud()));
    }

    /** The ways to one that nobody manages. */
    void unmanaged() throws Exception {
        String plain = "tls: {mode: PLAINTEXT}\n";
        row("unmanaged, by mDNS", new Way("LAN", "MDNS", "GRPC", "127\\.0\\.0\\.1:\\d+"), () -> {
            unmanaged("g", "localhost:8080");
            scene.startGateway("address: " + UNMANAGED + "\n" + plain, "discovery: {interfaces: [lo], known-file: ''}");
        });
        row("unmanaged, by address", new Way("LAN", "ADDRESS", "GRPC", "10\\.99\\.2\\.2:8080"), () -> {
            unmanaged("m", "0.0.0.0:8080");
            scene.startGateway("address: 10.99.2.2:8080\n" + plain, "discovery: {mdns: false, known-file: ''}");
        });
        row("unmanaged, through signaling", new Way("LAN", "SIGNALING", "WEBRTC", "10\\.99\\.2\\.2:\\d+"), () -> {
            unmanaged("m", "0.0.0.0:8080");
            scene.startGateway("""
                    address: 10.99.2.2:8080
                    tls: {mode: PLAINTEXT}
                    route-policy: INTERNET_ONLY
                    signaling: {address: '10.99.2.2:8080', host: %s, tls: {mode: PLAINTEXT}}
                    """.formatted(UNMANAGED), "discovery: {mdns: false, known-file: ''}");
        });
    }

    private void unmanaged(String namespace, String bind) throws Exception {
        scene.startUnmanaged(namespace, """
                {"network": {"fqdn": "%s", "bind_address": "%s"}, %s""".formatted(
                        UNMANAGED, bind, ManagedMachine.FAKES.strip().substring(1)));
    }

    private static String nothingHeard() {
        return RouteScene.cloudOnly() + "discovery: {mdns: false, known-file: ''}";
    }

    private String byAddress(String address) {
        return scene.managed(address).replace("bundle: trial", "bundle: trial, server-name: " + RouteScene.NAME);
    }
}
