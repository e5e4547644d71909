package dev.fleetgateway.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The same calls by the gateway and straight to the machines, in turns, so that whatever else the host does meets both. */
final class Duel {

    private static final long WARM = 250_000;

    private final Report report;
    private final String group;
    private final Scene.Gateway gateway;
    private final Child machines;
    private final Load http;
    private final Load grpc;

    Duel(Report report, String group, Scene.Gateway gateway, Child machines, Load http, Load grpc) {
        this.report = report;
        this.group = group;
        this.gateway = gateway;
        this.machines = machines;
        this.http = http;
        this.grpc = grpc;
    }

    /**
     * Both ways until the compilers have done with them: for that time at least, and on a slow or busy host until there were calls
     * enough, since it is calls that make code hot, not seconds.
     */
    void warmUp(double seconds) throws InterruptedException {
        grpc.closed(seconds / 3);
        long calls = 0;
        double spent = 0;
        while (spent < seconds || (calls < WARM && spent < seconds * 5)) {
            Load.Sample sample = http.closed(seconds / 5);
            calls += sample.calls();
            spent += sample.seconds();
        }
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
            Cpu before = cpu();
            Load.Sample straight = grpc.closed(seconds);
            Cpu between = cpu();
            Load.Sample rest = http.closed(seconds);
            Cpu after = cpu();
            direct.add(straight.perSecond());
            through.add(rest.perSecond());
            ratio.add(rest.perSecond() / straight.perSecond());
            cost.get(0).add((between.own - before.own) * 1e6 / straight.calls());
            cost.get(1).add((between.machines - before.machines) * 1e6 / straight.calls());
            cost.get(2).add((after.own - between.own) * 1e6 / rest.calls());
            cost.get(3).add((after.gateway - between.gateway) * 1e6 / rest.calls());
            cost.get(4).add((after.machines - between.machines) * 1e6 / rest.calls());
            failures += straight.failures() + rest.failures();
        }
        report.add(group, "direct gRPC, saturated", "calls/s", direct);
        report.add(group, "REST through the gateway, saturated", "calls/s", through);
        report.add(group, "throughput of REST / direct gRPC", "", ratio);
        report.add(group, "direct: CPU of the caller", "us/call", cost.get(0));
        report.add(group, "direct: CPU of the machines", "us/call", cost.get(1));
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
            Load.Sample straight = grpc.open(seconds, perSecond);
            Load.Sample rest = http.open(seconds, perSecond);
            double[] of = {straight.p50(), straight.p99(), rest.p50(), rest.p99()};
            for (int each = 0; each < of.length; each++) {
                micros.get(each).add(of[each]);
            }
            micros.get(4).add(of[2] - of[0]);
            micros.get(5).add(of[3] - of[1]);
            failures += straight.failures() + rest.failures();
        }
        report.add(group, "rate of the next rows, half of REST saturated", "calls/s", perSecond);
        report.add(group, "direct gRPC p50", "us", micros.get(0));
        report.add(group, "direct gRPC p99", "us", micros.get(1));
        report.add(group, "REST p50", "us", micros.get(2));
        report.add(group, "REST p99", "us", micros.get(3));
        report.add(group, "added by the gateway at p50", "us", micros.get(4));
        report.add(group, "added by the gateway at p99", "us", micros.get(5));
        report.add(group, "failed calls at that rate", "", (double) failures);
    }

    private record Cpu(double own, double gateway, double machines) {}

    private Cpu cpu() {
        return new Cpu(Child.cpu(ProcessHandle.current()), gateway.process().cpu(), machines.cpu());
    }
}
