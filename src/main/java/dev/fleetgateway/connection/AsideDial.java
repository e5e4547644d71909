package dev.fleetgateway.connection;

import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.Time;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One search whose link goes to whoever asked for it, not into the connection. Confined to a context of its own. */
final class AsideDial implements Search.Listener, Connection.Aside {

    private static final Logger log = LoggerFactory.getLogger(AsideDial.class);

    private final SynchronizationContext context = new SynchronizationContext(
            (_, failure) -> log.error("A dial beside a connection failed to go on", failure));
    private final CompletableFuture<Connection.Aside> opened = new CompletableFuture<>();
    private @Nullable Search search;
    private Dialer.@Nullable Dial dial;
    private volatile @Nullable Link link;
    private Time.@Nullable Timer timeout;

    /** Begins; the future fails where nothing opens in time, and whoever gives up on it has the search closed. */
    CompletableFuture<Connection.Aside> begin(
            BiFunction<SynchronizationContext, Search.Listener, Search> searches, Time time, Duration within) {
        context.execute(() -> {
            Search begun = searches.apply(context, this);
            search = begun;
            timeout = time.after(
                    within, () -> context.execute(() -> failed(FailureKind.TIMEOUT, "no way opened in time")));
            begun.start();
        });
        return opened;
    }

    @Override
    public void ways(List<Way> ways) {
        // Only the connection's own searches are shown.
    }

    @Override
    public void became(Candidate candidate) {
        // Likewise.
    }

    @Override
    public void won(Link found, Dialer.Dial won, Candidate candidate, MachineReport.@Nullable Software software) {
        cancelTimeout();
        dial = won;
        link = found;
        if (!opened.complete(this)) {
            close();
        }
    }

    @Override
    public void failed(FailureKind kind, String reason) {
        cancelTimeout();
        if (opened.completeExceptionally(new IllegalStateException(reason))) {
            close();
        }
    }

    @Override
    public void broke(FailureKind kind, String reason) {
        // Calls in flight fail by themselves.
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel();
            timeout = null;
        }
    }

    @Override
    public Link link() {
        Link open = link;
        if (open == null) {
            throw new IllegalStateException("it is handed out only once it is open");
        }
        return open;
    }

    @Override
    public void close() {
        context.execute(() -> {
            if (search != null) {
                search.close();
                search = null;
            }
            if (dial != null) {
                dial.close();
                dial = null;
            }
        });
    }
}
