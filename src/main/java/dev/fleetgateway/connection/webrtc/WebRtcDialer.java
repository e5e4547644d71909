package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.peer.Peers;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.Time;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Opens links by WebRTC: one dial to a machine at a time whoever asks, none for a while after one that failed, and no more of them
 * in all than the memory they cost allows. A dial that may not be made fails at once.
 */
@Component
public final class WebRtcDialer implements Dialer, AutoCloseable {

    private final WebRtcDial.Means means;

    /** Opens nothing yet. */
    @Autowired
    WebRtcDialer(
            Peers peers,
            TlsContexts tlsContexts,
            RouteKinds kinds,
            WebRtcSettings settings,
            WebRtcMeters meters,
            Networks networks,
            Time time) {
        this(
                peers,
                (peer, far) -> new FramedCarrier(new FramedChannel(peer, far, time)),
                tlsContexts,
                kinds,
                settings,
                meters,
                networks,
                time);
    }

    WebRtcDialer(
            Peers peers,
            Carrier.Maker carriers,
            TlsContexts tlsContexts,
            RouteKinds kinds,
            WebRtcSettings settings,
            WebRtcMeters meters,
            Networks networks,
            Time time) {
        Budget budget = new Budget(settings, time);
        this.means = new WebRtcDial.Means(
                peers,
                carriers,
                new Lines(tlsContexts, time),
                new Tokens(),
                new Turns(time),
                budget,
                new Renewals(settings, budget, time),
                meters,
                kinds,
                time);
        networks.listen(means.lines()::leaveAll);
    }

    @Override
    public boolean takes(Way way) {
        return way instanceof Way.Signaled;
    }

    @Override
    public Dial dial(Machine machine, Way way, Listener listener) {
        if (!(way instanceof Way.Signaled(Candidate _, Signaling signaling))) {
            throw new IllegalArgumentException("not a way by WebRTC: " + way);
        }
        return new PatientDial(machine, signaling, listener, means).begin();
    }

    /** Connections to signaling servers there are now. */
    int lines() {
        return means.lines().open();
    }

    /** Closes the connections to signaling servers. */
    @Override
    public void close() {
        means.lines().close();
    }
}
