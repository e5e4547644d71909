package dev.fleetgateway.trial;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Holds the machine and stays present, every quarter of the window, whatever he is answered. He moves nothing by himself. */
final class Holder implements AutoCloseable {

    private final Rest rest;
    private final String lease;
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean silent;
    private volatile boolean refused;

    Holder(Rest rest) throws IOException, InterruptedException {
        this.rest = rest;
        this.lease = granted(rest);
        int quarter = Rest.WINDOW_MILLIS / 4;
        // Each on a thread of its own: an answer that keeps him waiting does not keep him from being present.
        var _ = beats.scheduleAtFixedRate(
                () -> Thread.startVirtualThread(this::beat), quarter, quarter, TimeUnit.MILLISECONDS);
    }

    // A machine that is ready may have to be stopped first.
    private static String granted(Rest rest) throws IOException, InterruptedException {
        for (int tries = 0; ; tries++) {
            Rest.Answer answer = rest.ask("POST", "/lease", null, Rest.LEASE_WISH);
            if (answer.status() != 503 || tries == 100) {
                return answer.ok().path("id").asString();
            }
            Thread.sleep(100);
        }
    }

    private void beat() {
        try {
            if (!silent) {
                renew();
            }
        } catch (IOException | InterruptedException | IllegalStateException e) {
            if (!refused) {
                refused = true;
                System.out.println("    not renewed: " + e);
            }
        }
    }

    /** The lease as it is, renewed. */
    JsonNode renew() throws IOException, InterruptedException {
        return rest.ask("PATCH", "/lease", lease, "{}").ok();
    }

    /** Is present no longer, and says since when. */
    long fallSilent() {
        silent = true;
        return System.nanoTime();
    }

    /** Sets m1 about, at full power. */
    Rest.Answer power(String timeout) throws IOException, InterruptedException {
        return rest.within(timeout, "/components/motor/m1/SetPower", lease, Motion.SET_POWER.request());
    }

    /** Has m2 turn for two minutes. */
    CompletableFuture<Rest.Answer> goFor() {
        return rest.begin("/components/motor/m2/GoFor", lease, Motion.GO_FOR.request());
    }

    /** Has m1 turn, and hangs up after a while; says when. */
    long goForAndHangUp(long millis) throws InterruptedException {
        Rest line = new Rest();
        var _ = line.begin("/components/motor/m1/GoFor", lease, Motion.GO_FOR.request());
        Thread.sleep(millis);
        long at = System.nanoTime();
        line.close();
        return at;
    }

    Rest.Answer release() throws IOException, InterruptedException {
        silent = true;
        return rest.ask("DELETE", "/lease", lease, null);
    }

    @Override
    public void close() {
        beats.shutdownNow();
        try {
            var _ = release();
        } catch (IOException | InterruptedException e) {
            System.err.println("not released: " + e);
        }
    }
}
