package dev.fleetgateway.status;

import dev.fleetgateway.motion.Errand;
import dev.fleetgateway.motion.Errands;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.time.Moment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the errands that the services of one machine are on. An errand goes on until the machine, asked after it
 * began, no longer lists it; neither silence nor a lost connection ends one. Immutable.
 *
 * @param complete whether every service that may be on one has said so, since the machine was last reached
 */
record Away(boolean complete, List<Known> errands) {

    /** Nobody asked yet. */
    static final Away UNKNOWN = new Away(false, List.of());

    private static final Comparator<Unattended> ORDER = Comparator.comparing(Unattended::since)
            .thenComparing(Unattended::resource)
            .thenComparing(one -> String.valueOf(one.execution()));

    // No machine has so many services and bases.
    private static final int MOST = 100;

    /** Copies the list. */
    Away {
        errands = errands.stream().limit(MOST).toList();
    }

    /** An errand, since when it is known to go on, and when that was last heard. */
    record Known(Errand errand, Instant since, Moment observed) {}

    /**
     * What one look heard.
     *
     * @param begun when it asked; what began later it says nothing of
     * @param said what each service said
     * @param complete whether these are all services that the machine has
     */
    record Heard(Moment begun, Map<Resource, Errands> said, boolean complete) {

        /** Copies the map. */
        Heard {
            said = Map.copyOf(said);
        }

        private @Nullable List<Errand> listed(Resource service) {
            return switch (said.get(service)) {
                case Errands.Listed(var errands) -> errands;
                case Errands.Never _ -> List.of();
                case Errands.Unsaid _ -> null;
                // What the machine no longer has is on no errand.
                case null -> complete ? List.of() : null;
            };
        }
    }

    /** A service was sent on an errand. It has one mode, and takes it from any other. */
    Away sent(Errand errand, Moment moment) {
        Instant since = known(errand).map(Known::since).orElse(moment.at());
        List<Known> all = new ArrayList<>();
        // The newest first: should there be too many, it is not the one that is left out.
        all.add(new Known(errand, since, moment));
        for (Known one : errands) {
            boolean replaced = one.errand.isSameAs(errand)
                    || (errand.execution() == null && one.errand.service().equals(errand.service()));
            if (!replaced) {
                all.add(one);
            }
        }
        return new Away(complete, all);
    }

    /** The machine was asked. */
    Away heard(Heard news) {
        List<Known> all = new ArrayList<>();
        for (Known one : errands) {
            List<Errand> listed = news.listed(one.errand.service());
            if (listed == null || (one.observed.isAfter(news.begun) && !contains(listed, one.errand))) {
                all.add(one);
            }
        }
        news.said.forEach((_, said) -> {
            if (said instanceof Errands.Listed(var listed)) {
                for (Errand errand : listed) {
                    Optional<Known> before = known(errand);
                    Instant since = before.map(Known::since).orElse(news.begun.at());
                    Moment observed = before.map(Known::observed)
                            .filter(moment -> moment.isAfter(news.begun))
                            .orElse(news.begun);
                    all.add(new Known(errand, since, observed));
                }
            }
        });
        boolean allSaid = news.said.values().stream().noneMatch(Errands.Unsaid.class::isInstance);
        return new Away(news.complete && allSaid, all);
    }

    /** The machine cannot be asked: what went on is taken to go on, and that nothing does is no longer known. */
    Away lost() {
        return complete ? new Away(false, errands) : this;
    }

    /** Whether any goes on. */
    boolean any() {
        return !errands.isEmpty();
    }

    /** As callers see it: those that are known to go on, in a steady order; null where there may be some and none is known. */
    @Nullable
    List<Unattended> shown() {
        if (errands.isEmpty() && !complete) {
            return null;
        }
        return errands.stream()
                .map(one -> Unattended.of(one.errand, one.since, one.observed.at()))
                .sorted(ORDER)
                .toList();
    }

    private Optional<Known> known(Errand errand) {
        return errands.stream().filter(one -> one.errand.isSameAs(errand)).findFirst();
    }

    private static boolean contains(List<Errand> listed, Errand errand) {
        return listed.stream().anyMatch(errand::isSameAs);
    }
}
