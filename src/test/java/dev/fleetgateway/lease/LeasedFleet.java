package dev.fleetgateway.lease;

import static org.awaitility.Awaitility.await;

import dev.fleetgateway.FleetGateway;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.ResourceSpec;
import dev.fleetgateway.simulator.SimulatedFleet;
import dev.fleetgateway.simulator.SimulatedMachine;
import dev.fleetgateway.time.SystemTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole gateway before machines of the simulator, all over real sockets. Every test takes a machine that no other has touched,
 * so that none sees what another left behind.
 */
final class LeasedFleet implements AutoCloseable {

    /** The sessions' window at the machines: short, so that tests are quick, and longer than a busy host stands still. */
    static final Duration WINDOW = Duration.ofSeconds(1);

    /** No bound to be met, only one that a hanging test runs into. */
    static final Duration LONG = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(4, daemon());
    private final SimulatedFleet machines;
    private final ConfigurableApplicationContext context;
    private final Queue<SimulatedMachine> untouched;
    private final int port;

    private LeasedFleet(SimulatedFleet machines, Map<String, String> settings) {
        this.machines = machines;
        this.untouched = new ArrayDeque<>(machines.machines());
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        context = SpringApplication.run(FleetGateway.class, arguments);
        port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** A machine with one resource of every kind and a short window. */
    static MachineSpec spec(String name) {
        return MachineSpec.named(name)
                .withResources(ResourceSpec.oneOfEveryKind())
                .withWindow(WINDOW);
    }

    /** Starts so many machines that are all alike. */
    static LeasedFleet of(int machines, String... more) {
        return of(IntStream.range(0, machines).mapToObj(i -> spec("m-" + i)).toList(), more);
    }

    /**
     * Starts them, and the gateway.
     *
     * @param more further settings, as {@code key=value}; {@code {name}} in a value is the second address of the machine of that
     *     name
     */
    static LeasedFleet of(List<MachineSpec> specs, String... more) {
        SimulatedFleet machines = SimulatedFleet.start(new SystemTime(), specs);
        try {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("server.port", "0");
            settings.put("gateway.call.max-unleased-motion", "1s");
            for (SimulatedMachine machine : machines.machines()) {
                machine.recording(true);
                String key = "gateway.machines." + machine.name();
                settings.put(key + ".address", machine.address());
                settings.put(key + ".tls.mode", "PLAINTEXT");
            }
            for (String setting : more) {
                String[] parts = setting.split("=", 2);
                settings.put(parts[0], secondAddress(machines, parts[1]));
            }
            return new LeasedFleet(machines, settings);
        } catch (RuntimeException e) {
            machines.close();
            throw e;
        }
    }

    private static String secondAddress(SimulatedFleet machines, String value) {
        String text = value;
        for (SimulatedMachine machine : machines.machines()) {
            if (machine.secondPort().isPresent()) {
                text = text.replace(
                        "{" + machine.name() + "}",
                        "127.0.0.1:" + machine.secondPort().getAsInt());
            }
        }
        return text;
    }

    /** A machine that no test has touched, once the gateway is connected to it. */
    Rover rover() {
        SimulatedMachine machine;
        synchronized (untouched) {
            machine = untouched.remove();
        }
        return ready(new Rover(this, machine.name(), machine));
    }

    /** The machine under that name of it. */
    Rover rover(String machine, String name) {
        return ready(new Rover(this, name, machines.machine(machine).orElseThrow()));
    }

    private static Rover ready(Rover rover) {
        rover.awaitReady();
        return rover;
    }

    int port() {
        return port;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** One answer of the gateway. */
    record Answer(int status, Map<String, String> headers, String body) {

        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        /** A member of the body as text, empty where it is null or not there; {@code /} leads into it. */
        String member(String name) {
            return json().at("/" + name).asString("");
        }

        boolean ok() {
            return status / 100 == 2;
        }
    }

    Answer send(String method, String path, String json, String... headers) {
        return sendAsync(method, path, json, headers).join();
    }

    CompletableFuture<Answer> sendAsync(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        json.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> {
                    Map<String, String> all = new LinkedHashMap<>();
                    response.headers().map().forEach((name, values) -> all.put(name, String.join(", ", values)));
                    return new Answer(response.statusCode(), all, response.body());
                });
    }

    SocketCaller socket() {
        return new SocketCaller(port);
    }

    /** Ends the gateway in good order and leaves the machines as they are. */
    void shutDownTheGateway() {
        context.close();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        context.close();
        machines.close();
        http.shutdownNow();
    }

    /** Waits for something with a bound that a working gateway never meets. */
    static void eventually(String what, Callable<Boolean> holds) {
        await(what).atMost(LONG).pollInterval(Duration.ofMillis(20)).until(holds);
    }

    /** Lets real time pass during which something must hold. */
    static void throughout(Duration time, String what, Callable<Boolean> holds) {
        await(what)
                .pollInterval(Duration.ofMillis(20))
                .during(time)
                .atMost(time.plus(LONG))
                .failFast(what, () -> !holds.call())
                .until(() -> true);
    }

    /** Sends the same again and again and gathers the answers; the rhythm does not wait for them. */
    Repeated every(Duration pause, Supplier<CompletableFuture<Answer>> send) {
        return new Repeated(timer, pause, send);
    }

    static final class Repeated implements AutoCloseable {
        private final List<CompletableFuture<Answer>> answers = new ArrayList<>();
        private final ScheduledFuture<?> task;

        private Repeated(ScheduledExecutorService timer, Duration pause, Supplier<CompletableFuture<Answer>> send) {
            task = timer.scheduleAtFixedRate(
                    () -> {
                        CompletableFuture<Answer> answer = send.get();
                        synchronized (answers) {
                            answers.add(answer);
                        }
                    },
                    0,
                    pause.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        /** The answers that are there, in the order of the questions. */
        List<Answer> answers() {
            synchronized (answers) {
                return answers.stream()
                        .filter(answer -> answer.isDone() && !answer.isCompletedExceptionally())
                        .map(CompletableFuture::join)
                        .toList();
            }
        }

        @Override
        public void close() {
            task.cancel(false);
            CompletableFuture<?>[] all;
            synchronized (answers) {
                all = answers.toArray(CompletableFuture[]::new);
            }
            CompletableFuture.allOf(all).exceptionally(_ -> null).join();
        }
    }

    private static ThreadFactory daemon() {
        return task -> {
            Thread thread = new Thread(task, "test-timer");
            thread.setDaemon(true);
            return thread;
        };
    }
}
