package dev.fleetgateway.trial;

import java.util.Optional;

/** Machines that no cloud manages, or none any more. */
final class Unmanaged {

    private static final long STAYS = 120_000;

    private final SyncScene scene;
    private final Verdicts verdicts;

    Unmanaged(SyncScene scene, Verdicts verdicts) {
        this.scene = scene;
        this.verdicts = verdicts;
    }

    void never() throws Exception {
        check(scene.never, "never managed, with a data manager", "\"network\": {\"bind_address\": \"0.0.0.0:8080\"}");
    }

    /** A machine that loses its cloud by its configuration, first without what it proved itself with, then with it. */
    void removed() throws Exception {
        Rover rover = scene.removed;
        long managed = rover.start();
        var _ = scene.words()
                .await(rover.name(), word -> word.is("ACTIVE"), managed, 90)
                .orElseThrow();
        rover.end();
        long bare = rover.startAlone(config(rover, "\"network\": {\"bind_address\": \"0.0.0.0:8080\"}"));
        Optional<Word> unknown = scene.words().await(rover.name(), word -> word.is("UNKNOWN"), bare, 90);
        Thread.sleep(60_000);
        verdicts.add(
                "cloud removed from the configuration, and with it the certificate that the gateway wants",
                scene.words().at(rover.name(), System.nanoTime()),
                bare,
                "UNKNOWN, not reached",
                Outages.other(
                        scene.words(), rover, "UNKNOWN", unknown.orElseThrow().at(), System.nanoTime()));
        rover.end();
        check(rover, "cloud removed from the configuration, certificate and keys its own", rover.proofs());
    }

    private void check(Rover rover, String title, String more) throws Exception {
        long at = rover.startAlone(config(rover, more));
        Optional<Word> said = scene.words().await(rover.name(), word -> word.is("NOT_APPLICABLE"), at, 120);
        verdicts.within(title, said, at, 60);
        Thread.sleep(STAYS);
        verdicts.add(
                title + ", 2 min later",
                scene.words().at(rover.name(), System.nanoTime()),
                at,
                "never anything else",
                Outages.other(
                        scene.words(),
                        rover,
                        "NOT_APPLICABLE",
                        said.orElseThrow().at(),
                        System.nanoTime()));
    }

    private String config(Rover rover, String more) {
        String resources = scene.capturing(rover).strip();
        return resources.substring(0, resources.length() - 1) + ", " + more + "}";
    }
}
