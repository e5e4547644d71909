package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.Time;
import java.util.ArrayList;
import java.util.List;

/** A dialer whose dials wait for the test to say what becomes of them. */
final class FakeDialer implements Dialer {

    final List<FakeDial> dials = new ArrayList<>();
    boolean broken;
    private final Time time;

    FakeDialer(Time time) {
        this.time = time;
    }

    @Override
    public boolean takes(Way way) {
        return true;
    }

    @Override
    public Dial dial(Machine machine, Way way, Listener listener) {
        if (broken) {
            throw new IllegalStateException("no such certificate file");
        }
        FakeDial dial = new FakeDial(way, listener, time);
        dials.add(dial);
        return dial;
    }

    FakeDial last() {
        return dials.getLast();
    }

    static final class FakeDial implements Dial {

        final Candidate candidate;
        final Listener listener;
        final FakeLink link;
        boolean closed;
        boolean retired;

        FakeDial(Way way, Listener listener, Time time) {
            this.candidate = way.candidate();
            this.listener = listener;
            this.link = new FakeLink(candidate, time);
        }

        void opens() {
            listener.opened(link, new MachineReport.Software("rdk", "1.0", "v0.1"));
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void retire() {
            retired = true;
        }
    }
}
