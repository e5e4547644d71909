package dev.fleetgateway.door;

import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.lease.Seat;
import dev.fleetgateway.motion.StopReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the holder sits who acquired his lease on a socket. His leases end with it, unless the gateway itself closed it. */
final class SocketSeat implements Seat {

    private final Leases leases;
    private final Consumer<byte[]> say;

    // By machine, and so as bounded as they are.
    private final Map<String, String> held = new ConcurrentHashMap<>();
    private volatile boolean left;

    SocketSeat(Leases leases, Consumer<byte[]> say) {
        this.leases = leases;
        this.say = say;
    }

    /** A lease was granted here. Where the caller has left meanwhile, it ends at once. */
    void took(String machine, String lease) {
        held.put(machine, lease);
        if (left) {
            leave();
        }
    }

    /** A lease was given back. */
    void gone(String lease) {
        held.values().remove(lease);
    }

    /** The caller closed the socket, or it was lost: nobody is present here any more. */
    void leave() {
        left = true;
        held.values().forEach(lease -> leases.leave(lease, this));
        held.clear();
    }

    @Override
    public void leaseLost(String machine, long sequence, String reason, @Nullable StopReport stop) {
        Map<String, @Nullable Object> params = new LinkedHashMap<>();
        params.put("machine", machine);
        params.put("reason", reason);
        params.put("sequence", sequence);
        params.put("stop", stop);
        say.accept(RpcReply.notification("lease.lost", Json.MAPPER.writeValueAsBytes(params)));
    }
}
