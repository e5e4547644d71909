package dev.fleetgateway.door;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.lease.Seat;
import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.Picture;
import dev.fleetgateway.status.Pictures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Stops as every door asks for them: told at once, waited for together. */
final class Stops {

    private final Leases leases;
    private final Pictures pictures;
    private final Duration patience;

    /**
     * Stops by way of the given leases.
     *
     * @param patience how long a verdict is waited for; the machine was told long before
     */
    Stops(Leases leases, Pictures pictures, Duration patience) {
        this.leases = leases;
        this.pictures = pictures;
        this.patience = patience;
    }

    /**
     * Stops a machine and waits for the verdict.
     *
     * @param lease the id that came with it; null for none
     * @param seat the socket that asks; null for none
     *
     * @throws ProblemException {@code machine-unknown}, or {@code stop-incomplete} with the report
     */
    StopReport machine(String machine, Visit who, @Nullable String lease, @Nullable Seat seat) {
        CompletableFuture<StopReport> begun = leases.stop(who, machine, lease, seat);
        if (begun.isCompletedExceptionally() && begun.exceptionNow() instanceof ProblemException unknown) {
            throw unknown;
        }
        StopReport report = verdict(machine, begun);
        if (!report.complete()) {
            throw new ProblemException(Problem.of(ProblemCode.STOP_INCOMPLETE, sentence(report))
                    .on(machine)
                    .outcome(Outcome.UNKNOWN)
                    .with("stop", report));
        }
        return report;
    }

    /**
     * Stops every machine that is chosen, all at once, and waits for the verdicts.
     *
     * @throws ProblemException {@code machine-unknown} where none is chosen, or {@code stop-incomplete} with the reports
     */
    FleetStop fleet(Selector chosen, Visit who, @Nullable String lease, @Nullable Seat seat) {
        List<String> machines = pictures.all().stream()
                .map(Picture::machine)
                .filter(machine -> chosen.matches(machine.labels()))
                .map(machine -> machine.name())
                .toList();
        if (machines.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemCode.MACHINE_UNKNOWN, "No machine matches '%s'".formatted(chosen)));
        }
        List<Begun> begun = machines.stream()
                .map(machine -> new Begun(machine, leases.stop(who, machine, lease, seat)))
                .toList();
        FleetStop result = FleetStop.of(
                begun.stream().map(stop -> verdict(stop.machine, stop.report)).toList());
        if (result.failed() > 0) {
            throw new ProblemException(Problem.of(
                            ProblemCode.STOP_INCOMPLETE,
                            "%d of %d machines are not known to stand: see stop.results"
                                    .formatted(result.failed(), machines.size()))
                    .outcome(Outcome.UNKNOWN)
                    .with("stop", result));
        }
        return result;
    }

    private StopReport verdict(String machine, CompletableFuture<StopReport> begun) {
        try {
            return begun.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            return failed(machine, String.valueOf(why.getMessage()));
        } catch (TimeoutException _) {
            return failed(machine, "no verdict within %d s; it may have stopped".formatted(patience.toSeconds()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return failed(machine, "the gateway is shutting down; it may have stopped");
        }
    }

    private static StopReport failed(String machine, String detail) {
        return StopReport.of(machine, StopReport.Outcome.FAILED, detail);
    }

    private static String sentence(StopReport report) {
        return report.outcome() == StopReport.Outcome.STILL_MOVING
                ? "Machine '%s' was told to stop and is still seen moving".formatted(report.machine())
                : "Machine '%s' could not be told to stop: %s"
                        .formatted(
                                report.machine(),
                                report.resources().stream()
                                        .map(StopReport.ResourceOutcome::detail)
                                        .filter(detail -> !detail.isEmpty())
                                        .findFirst()
                                        .orElse("it does not say why"));
    }

    private record Begun(String machine, CompletableFuture<StopReport> report) {}

    /** What became of the stop of many. */
    record FleetStop(List<StopReport> results, int stopped, int failed) {

        static FleetStop of(List<StopReport> results) {
            int stopped = (int) results.stream().filter(StopReport::complete).count();
            return new FleetStop(results, stopped, results.size() - stopped);
        }
    }
}
