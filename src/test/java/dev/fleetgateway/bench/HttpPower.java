package dev.fleetgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An ACT over REST, under a lease on each machine. Calls renew it; where they come too seldom, on a host that is slow, it is
 * renewed beside them.
 */
final class HttpPower implements HttpCall, AutoCloseable {

    private static final int WINDOW_MILLIS = 10_000;
    private static final long UNHEARD_NANOS = TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS) * 2 / 5;
    private static final int AT_ONCE = 250;
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final String[] leases;
    // Read by another thread without more ado: a value that is seen late costs a renewal too many.
    private final long[] heard;
    private final AtomicInteger lost = new AtomicInteger();
    private @Nullable ScheduledExecutorService renewing;

    HttpPower(int port, int machines) {
        this.port = port;
        leases = new String[machines];
        Arrays.fill(leases, "");
        heard = new long[machines];
    }

    /** Different for neighbouring calls. */
    static double power(int slot) {
        return (100 + slot) / 1000.0;
    }

    /** Leases that had ended before they were given back. */
    int lost() {
        return lost.get();
    }

    @Override
    public String path() {
        return "/components/motor/m1/SetPower";
    }

    @Override
    public String headers(int machine) {
        return "Gateway-Lease: " + leases[machine] + "\r\n";
    }

    @Override
    public String body(int slot) {
        return "{\"powerPct\":0." + (100 + slot) + "}";
    }

    @Override
    public void enter() throws InterruptedException {
        // From the first lease on: until a cold gateway has given the last, the first may be over.
        renewing = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("bench-renewing").factory());
        var _ = renewing.scheduleWithFixedDelay(this::renew, 1, 1, TimeUnit.SECONDS);
        forAll(machine -> {
            HttpResponse<String> answer = ask("POST", machine, "{\"windowMillis\":" + WINDOW_MILLIS + "}");
            Matcher id = ID.matcher(answer.body());
            if (answer.statusCode() != 201 || !id.find()) {
                throw new IllegalStateException("No lease: " + answer.body());
            }
            heard[machine] = System.nanoTime();
            leases[machine] = id.group(1);
        });
    }

    @Override
    public void calling(int machine) {
        heard[machine] = System.nanoTime();
    }

    private void renew() {
        try {
            forAll(machine -> {
                if (!leases[machine].isEmpty() && System.nanoTime() - heard[machine] > UNHEARD_NANOS) {
                    heard[machine] = System.nanoTime();
                    ask("PATCH", machine, "{}");
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // The next round tries again; a lease that ended by it is counted when it is given back.
            System.out.println(e.getMessage());
        }
    }

    @Override
    public void leave() throws InterruptedException {
        close();
        forAll(machine -> {
            if (ask("DELETE", machine, "").statusCode() != 200) {
                lost.incrementAndGet();
            }
            leases[machine] = "";
        });
    }

    private void forAll(IntConsumer task) throws InterruptedException {
        Semaphore room = new Semaphore(AT_ONCE);
        CountDownLatch left = new CountDownLatch(leases.length);
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < leases.length; i++) {
            int machine = i;
            room.acquire();
            Thread.startVirtualThread(() -> {
                try {
                    task.accept(machine);
                } catch (RuntimeException e) {
                    if (failed.getAndIncrement() == 0) {
                        System.out.println("A lease on machine-" + machine + ": " + e);
                    }
                } finally {
                    room.release();
                    left.countDown();
                }
            });
        }
        left.await();
        if (failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " leases could not be asked for, renewed or given back");
        }
    }

    private HttpResponse<String> ask(String method, int machine, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/machines/machine-" + machine + "/lease"))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!method.equals("POST")) {
            request.header("Gateway-Lease", leases[machine]);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while a lease was asked for", e);
        }
    }

    @Override
    public void close() {
        if (renewing != null) {
            // Waits for the round under way: a renewal behind the giving back would look like a lease lost.
            renewing.close();
            renewing = null;
        }
    }
}
