package dev.fleetgateway.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The same calls by the gateway and straight to the machines, in turns, so that whatever else the host does meets both. */
final class Duel {

    private static final long WARM = 250_000;

    private final Report report;
    private final String group;
    private final Scene.Gateway gateway;
    private final Child machines;
    private final String straightly;
    private final Load http;
    private final Load grpc;

    Duel(Report report, String group, Scene.Gateway gateway, Child machines, Load http, Load grpc) {
        this(report, group, gateway, machines, "direct gRPC", http, grpc);
    }

    /**
     * A duel.
     *
     * @param straightly what the other way is called
     */
    Duel(Report report, String group, Scene.Gateway gateway, Child machines, String straightly, Load http, Load grpc) {
        this.report = report;
        this.group = group;
        this.gateway = gateway;
        this.machines = machines;
        this.straightly = straightly;
        this.http = http;
        this.grpc = grpc;
    }

    /**
     * Both ways until the compilers have done with them: for that time at least, and on a slow or busy host until there were calls
     * enough, since it is calls that make code hot, not seconds.
     */
    void warmUp(double seconds) throws InterruptedException {
        var _ = within(grpc, () -> grpc.closed(seconds / 3));
        long calls = 0;
        double spent = 0;
        http.enter();
        while (spent < seconds || (calls < WARM && spent < seconds * 5)) {
            Load.Sample sample = http.closed(seconds / 5);
            calls += sample.calls();
            spent += sample.seconds();
        }
        http.leave();
    }

    /** How many calls there can be. Returns the gateway's calls a second. */
    double saturate(int pairs, double seconds) throws IOException, InterruptedException {
        List<Double> direct = new ArrayList<>();
        List<Double> through = new ArrayList<>();
        List<Double> ratio = new ArrayList<>();
        List<List<Double>> cost =
                List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long failures = 0;
        for (int i = 0; i < pairs; i++) {
            Costed straight = within(grpc, () -> grpc.closed(seconds));
            Costed rest = within(http, () -> http.closed(seconds));
            direct.add(straight.sample.perSecond());
            through.add(rest.sample.perSecond());
            ratio.add(rest.sample.perSecond() / straight.sample.perSecond());
            cost.get(0).add(straight.micros(Cpu::own));
            cost.get(1).add(straight.micros(Cpu::machines));
            cost.get(2).add(rest.micros(Cpu::own));
            cost.get(3).add(rest.micros(Cpu::gateway));
            cost.get(4).add(rest.micros(Cpu::machines));
            failures += straight.sample.failures() + rest.sample.failures();
        }
        report.add(group, straightly + ", saturated", "calls/s", direct);
        report.add(group, "REST through the gateway, saturated", "calls/s", through);
        report.add(group, "throughput of REST / " + straightly, "", ratio);
        report.add(group, straightly + ": CPU of the caller", "us/call", cost.get(0));
        report.add(group, straightly + ": CPU of the machines", "us/call", cost.get(1));
        report.add(group, "REST: CPU of the caller", "us/call", cost.get(2));
        report.add(group, "REST: CPU of the gateway", "us/call", cost.get(3));
        report.add(group, "REST: CPU of the machines", "us/call", cost.get(4));
        report.add(group, "failed calls", "", (double) failures);
        return Report.median(through);
    }

    /** How long a call takes at a rate that both bear. */
    void pace(int pairs, double seconds, double perSecond) throws IOException, InterruptedException {
        List<List<Double>> micros = List.of(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        long failures = 0;
        for (int i = 0; i < pairs; i++) {
            Load.Sample straight = within(grpc, () -> grpc.open(seconds, perSecond)).sample;
            Load.Sample rest = within(http, () -> http.open(seconds, perSecond)).sample;
            double[] of = {straight.p50(), straight.p99(), rest.p50(), rest.p99()};
            for (int each = 0; each < of.length; each++) {
                micros.get(each).add(of[each]);
            }
            micros.get(4).add(of[2] - of[0]);
            micros.get(5).add(of[3] - of[1]);
            failures += straight.failures() + rest.failures();
        }
        report.add(group, "rate of the next rows, half of REST saturated", "calls/s", perSecond);
        report.add(group, straightly + " p50", "us", micros.get(0));
        report.add(group, straightly + " p99", "us", micros.get(1));
        report.add(group, "REST p50", "us", micros.get(2));
        report.add(group, "REST p99", "us", micros.get(3));
        report.add(group, "added by the gateway at p50", "us", micros.get(4));
        report.add(group, "added by the gateway at p99", "us", micros.get(5));
        report.add(group, "failed calls at that rate", "", (double) failures);
    }

    /** Runs a load within its presence at the machines, which is nobody's burden before and after. */
    private Costed within(Load load, Measured measured) throws InterruptedException {
        load.enter();
        Cpu before = cpu();
        Load.Sample sample = measured.run();
        Cpu after = cpu();
        load.leave();
        return new Costed(sample, before, after);
    }

    @FunctionalInterface
    private interface Measured {
        Load.Sample run() throws InterruptedException;
    }

    private record Costed(Load.Sample sample, Cpu before, Cpu after) {

        double micros(ToDoubleFunction<Cpu> of) {
            return (of.applyAsDouble(after) - of.applyAsDouble(before)) * 1e6 / sample.calls();
        }
    }

    private record Cpu(double own, double gateway, double machines) {}

    private Cpu cpu() {
        return new Cpu(Child.cpu(ProcessHandle.current()), gateway.process().cpu(), machines.cpu());
    }
}
