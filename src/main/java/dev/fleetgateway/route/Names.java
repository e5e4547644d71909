package dev.fleetgateway.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Host names and their addresses. A lookup may hang for as long as the resolver likes, most of all when the internet is gone, and then
 * nobody waits for it who has other ways: what was known before goes on being used.
 */
public final class Names {

    private static final long MOST = 20_000;

    private final Lookup lookup;
    private final Executor blocking;
    private final Cache<String, List<InetAddress>> known =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final Cache<String, CompletableFuture<List<InetAddress>>> asking =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** Finds the addresses of a host name; an IP address is its own. May block. */
    @FunctionalInterface
    public interface Lookup {

        /** All addresses of the host, at least one. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * Looks up there.
     *
     * @param blocking runs one lookup a name, each for as long as it takes
     */
    public Names(Lookup lookup, Executor blocking) {
        this.lookup = lookup;
        this.blocking = blocking;
    }

    /**
     * The addresses of a host, as they are or as they were when it last answered.
     *
     * @throws UnknownHostException with a sentence, where none is known
     */
    List<InetAddress> addresses(String host, Duration patience) throws UnknownHostException {
        List<InetAddress> before = known.getIfPresent(host);
        try {
            return lookUp(host, patience);
        } catch (UnknownHostException e) {
            if (before != null && !Thread.currentThread().isInterrupted()) {
                return before;
            }
            throw e;
        }
    }

    /**
     * The addresses of a host as they are now. Waits for as long as that at most, though the lookup may go on, and whoever asks next
     * hears what becomes of it.
     *
     * @throws UnknownHostException with a sentence, where nobody says in time
     */
    public List<InetAddress> lookUp(String host, Duration patience) throws UnknownHostException {
        CompletableFuture<List<InetAddress>> answer = ask(host);
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnknownHostException("the name " + host + " is still being looked up");
        } catch (ExecutionException e) {
            throw new UnknownHostException("no address is known for " + host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("the lookup of " + host + " was interrupted");
        }
    }

    private CompletableFuture<List<InetAddress>> ask(String host) {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> asked = asking.asMap().putIfAbsent(host, answer);
        if (asked != null) {
            return asked;
        }
        var _ = answer.whenComplete((found, _) -> {
            if (found != null) {
                known.put(host, found);
            }
        });
        blocking.execute(() -> {
            try {
                answer.complete(List.of(lookup.addresses(host)));
            } catch (UnknownHostException | RuntimeException e) {
                answer.completeExceptionally(e);
            } finally {
                asking.asMap().remove(host, answer);
            }
        });
        return answer;
    }
}
