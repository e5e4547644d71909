package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Notes what a connection tells, and says whether a lease pins it. */
final class FakeNews implements MachineConnection.News {

    boolean pinned;
    final List<Move> moves = new ArrayList<>();

    record Move(Route.Kind from, Route.Kind to, Duration without) {}

    @Override
    public void changed(MachineConnection from, Connection.Snapshot snapshot) {
        // Tests look at the connection itself.
    }

    @Override
    public boolean pinned(Machine machine) {
        return pinned;
    }

    @Override
    public void moved(Machine machine, Route from, Route to, Duration without) {
        moves.add(new Move(from.kind(), to.kind(), without));
    }
}
