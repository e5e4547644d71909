package dev.fleetgateway.command;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.time.Time;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import viam.robot.v1.ResourceRPCSubtype;
import viam.robot.v1.ResourceRPCSubtypesRequest;
import viam.robot.v1.RobotServiceGrpc;

/**
 * What one machine can be asked: which service serves an API, and what that service's methods are. Learnt from the machine when
 * first needed and kept; one question is in flight for a thing however many callers wait for it.
 */
final class MachineApi {

    /** Services one machine may have: far above the 35 that viam-server has. */
    private static final int MOST_SERVICES = 300;

    private static final long WAIT_SECONDS = 6;

    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    private final String machine;
    private final DescriptorPool pool;
    private final ModularDescriptors modular;
    private final Time time;
    private final AtomicReference<@Nullable Learning> learning = new AtomicReference<>();
    private final Map<String, CompletableFuture<ServiceApi>> services = new ConcurrentHashMap<>();
    private volatile Map<String, String> serviceByApi = Map.of();

    MachineApi(String machine, DescriptorPool pool, ModularDescriptors modular, Time time) {
        this.time = time;
        this.machine = machine;
        this.pool = pool;
        this.modular = modular;
    }

    /** The API of that subtype in short form, {@code rdk} before others; asks the machine again where it is not known. */
    String api(Link link, Target.ShortForm target) {
        String found = find(target);
        if (found == null) {
            learnApis(link);
            found = find(target);
        }
        if (found == null) {
            throw unknown("the machine has no " + target.type() + " of subtype '" + target.subtype() + "'");
        }
        return found;
    }

    private @Nullable String find(Target.ShortForm target) {
        String usual = "rdk:" + target.type() + ":" + target.subtype();
        Map<String, String> known = serviceByApi;
        if (known.containsKey(usual)) {
            return usual;
        }
        String end = ":" + target.type() + ":" + target.subtype();
        List<String> found = known.keySet().stream()
                .filter(api -> api.endsWith(end))
                .sorted()
                .toList();
        if (found.size() > 1) {
            throw unknown(
                    "'" + target.subtype() + "' can mean " + found + "; use /resources/{namespace:type:subtype}/...");
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    /** The gRPC service of an API. */
    String serviceOf(Link link, String api) {
        String service = serviceByApi.get(api);
        if (service == null) {
            learnApis(link);
            service = serviceByApi.get(api);
        }
        if (service == null) {
            throw unknown("the machine has no resource of API " + api);
        }
        return service;
    }

    /** The API that a service serves on this machine, as far as that is known; null where it is not. */
    @Nullable
    String apiOf(String service) {
        return serviceByApi.entrySet().stream()
                .filter(each -> each.getValue().equals(service))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** The APIs the machine has, with their services; asked for anew. */
    Map<String, String> services(Link link) {
        learnApis(link);
        return serviceByApi;
    }

    private ProblemException unknown(String detail) {
        return new ProblemException(Problem.of(ProblemCode.RESOURCE_UNKNOWN, detail + ".")
                .on(machine)
                .outcome(Outcome.NOT_SENT));
    }

    /** Asks which APIs there are; one question is in flight however many want to know, and its answer is good for a moment. */
    private void learnApis(Link link) {
        Learning mine = Objects.requireNonNull(learning.updateAndGet(
                now -> now != null && time.since(now.begun).compareTo(GOOD_FOR) < 0 && now.link.equals(link)
                        ? now
                        : new Learning(link, time.nanos(), new FutureTask<>(() -> ask(link)))));
        mine.answer.run();
        serviceByApi = await(mine.answer, "its APIs");
    }

    private record Learning(Link link, long begun, FutureTask<Map<String, String>> answer) {}

    private static Map<String, String> ask(Link link) {
        var answer = ClientCalls.blockingUnaryCall(
                link.channel(),
                RobotServiceGrpc.getResourceRPCSubtypesMethod(),
                CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
                ResourceRPCSubtypesRequest.getDefaultInstance());
        Map<String, String> learnt = new HashMap<>();
        for (ResourceRPCSubtype each : answer.getResourceRpcSubtypesList()) {
            var name = each.getSubtype();
            learnt.put(name.getNamespace() + ":" + name.getType() + ":" + name.getSubtype(), each.getProtoService());
        }
        return Map.copyOf(learnt);
    }

    /** The service as the machine, or the settings, describe it. */
    ServiceApi service(Link link, String name) {
        ServiceApi given = modular.service(name);
        if (given != null) {
            return given;
        }
        if (services.size() >= MOST_SERVICES) {
            services.clear();
        }
        // Begins at most one question at a time; one that failed is asked again by the next who needs it.
        return await(
                services.compute(
                        name,
                        (_, known) -> known == null || known.isCompletedExceptionally() ? ask(link, name) : known),
                "the methods of " + name);
    }

    private CompletableFuture<ServiceApi> ask(Link link, String name) {
        return Reflection.files(link.channel(), name).thenApply(files -> {
            ServiceApi api = files == null ? null : pool.service(name, files);
            if (api == null) {
                throw undescribed(name);
            }
            return api;
        });
    }

    private ProblemException undescribed(String service) {
        return new ProblemException(Problem.of(
                        ProblemCode.METHOD_UNKNOWN,
                        "The machine cannot describe " + service
                                + ". If it is a modular API, name its descriptor set in gateway.call.descriptors, or use DoCommand.")
                .on(machine)
                .outcome(Outcome.NOT_SENT));
    }

    private <T> T await(Future<T> future, String what) {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            if (e.getCause() instanceof IllegalArgumentException senseless) {
                throw new ProblemException(Problem.of(
                                ProblemCode.MACHINE_ERROR,
                                "What the machine says of " + what + " makes no sense: " + senseless.getMessage())
                        .on(machine)
                        .outcome(Outcome.NOT_SENT));
            }
            throw new ProblemException(Failures.whileAsking(machine, what, e.getCause()));
        } catch (TimeoutException e) {
            throw new ProblemException(Failures.whileAsking(machine, what, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Failures.whileAsking(machine, what, e));
        }
    }
}
