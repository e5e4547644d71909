package dev.fleetgateway.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Holds a lease by REST and renews it five times a window, until it is closed or told to be silent. */
final class Holder implements AutoCloseable {

    private final Rover rover;
    private final String id;
    private final ScheduledFuture<?> beats;

    Holder(Rover rover, String id, Duration window) {
        this.rover = rover;
        this.id = id;
        this.beats = rover.fleet()
                .timer()
                .scheduleAtFixedRate(
                        () -> {
                            var _ = renewLater("{}");
                        },
                        0,
                        Math.max(1, window.toMillis() / 5),
                        TimeUnit.MILLISECONDS);
    }

    String id() {
        return id;
    }

    /** The header that proves it. */
    String[] lease() {
        return new String[] {"Gateway-Lease", id};
    }

    Answer power(String motor) {
        return rover.power(motor, lease());
    }

    CompletableFuture<Answer> laterPower(String motor) {
        return rover.laterPower(motor, lease());
    }

    CompletableFuture<Answer> laterGoFor(String motor) {
        return rover.laterGoFor(motor, lease());
    }

    Answer call(String path, String json) {
        return rover.call(path, json, lease());
    }

    CompletableFuture<Answer> later(String path, String json) {
        return rover.later(path, json, lease());
    }

    Answer renew() {
        return renewLater("{}").join();
    }

    Answer resume() {
        return renewLater("{\"resume\": true}").join();
    }

    private CompletableFuture<Answer> renewLater(String json) {
        return rover.fleet().sendAsync("PATCH", rover.path("/lease"), json, lease());
    }

    Answer stop() {
        return rover.stop(lease());
    }

    /** Is heard of no more, from its next beat on. */
    void falls() {
        beats.cancel(false);
    }

    Answer release() {
        falls();
        Answer answer = rover.fleet().send("DELETE", rover.path("/lease"), "", lease());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    @Override
    public void close() {
        falls();
    }
}
