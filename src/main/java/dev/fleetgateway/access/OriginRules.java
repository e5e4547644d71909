package dev.fleetgateway.access;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Keeps web pages of other origins from driving a gateway on loopback. Any page can reach 127.0.0.1: by its address, by an
 * image or a form, over a socket, or by a host name of its own that it points there (DNS rebinding). Callers that are no
 * browsers send none of the headers judged here but {@code Host}, and pass.
 */
@Component
public final class OriginRules {

    private final Set<WebOrigin> allowed;

    /** Rules by which our own pages and those of the allowed origins may call. */
    public OriginRules(AccessSettings settings) {
        this.allowed = settings.allowedOrigins().stream()
                .map(WebOrigin::parse)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What the rules say of a request. */
    public sealed interface Verdict {

        /** From no page, or from our own. */
        record Own() implements Verdict {}

        /**
         * From a page of an allowed origin, which may read the answer.
         *
         * @param origin as its browser wrote it
         */
        record Allowed(String origin) implements Verdict {}

        /** From elsewhere: it must reach no handler. */
        record Refused(Problem problem) implements Verdict {}
    }

    /** Judges a request by where it says it goes and where it says it comes from. Depends on nothing else. */
    public Verdict judge(Approach approach) {
        if (approach.hosts().size() != 1) {
            return refused("There are %d Host headers and must be one"
                    .formatted(approach.hosts().size()));
        }
        String host = approach.hosts().getFirst();
        Optional<WebOrigin> own = WebOrigin.of(approach.scheme(), host);
        if (own.isEmpty() || !Loopback.isName(own.get().host())) {
            return refused("Host is \"%s\": access is OPEN and takes calls only for localhost, 127.0.0.1 or [::1]"
                    .formatted(host));
        }
        if (!approach.origins().isEmpty()) {
            String origin = approach.origins().getFirst();
            Optional<WebOrigin> from = approach.origins().size() == 1 ? WebOrigin.parse(origin) : Optional.empty();
            if (from.isPresent() && allowed.contains(from.get())) {
                return new Verdict.Allowed(origin);
            }
            if (from.isEmpty() || !from.equals(own)) {
                return refused(
                        "Origin is \"%s\", which is neither this gateway's own (Host is \"%s\") nor in gateway.access.allowed-origins"
                                .formatted(origin, host));
            }
        }
        if (isFromAnotherSite(approach.fetchSites()) && !approach.isVisitToThePage()) {
            return refused(
                    "Sec-Fetch-Site is %s: a page of another origin sent this, and only one in gateway.access.allowed-origins may"
                            .formatted(approach.fetchSites()));
        }
        return new Verdict.Own();
    }

    private static boolean isFromAnotherSite(List<String> fetchSites) {
        // No such header: an older browser, which then has its Origin judged, or none. Unknown words count as foreign.
        return !fetchSites.isEmpty()
                && !fetchSites.equals(List.of("same-origin"))
                && !fetchSites.equals(List.of("none"));
    }

    private static Verdict refused(String detail) {
        return new Verdict.Refused(Problem.of(ProblemCode.ORIGIN_REFUSED, detail));
    }
}
