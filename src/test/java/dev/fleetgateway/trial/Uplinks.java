package dev.fleetgateway.trial;

import java.io.IOException;
import java.util.List;

/** The lines between namespaces and the internet. Each verb says when it began. */
final class Uplinks {

    private final Stage stage;

    Uplinks(Stage stage) {
        this.stage = stage;
    }

    /** Every packet between those and the internet is lost. */
    long cut(String... namespaces) throws IOException, InterruptedException {
        return change("-I", namespaces);
    }

    /** None is any more. */
    long mend(String... namespaces) throws IOException, InterruptedException {
        return change("-D", namespaces);
    }

    private long change(String how, String... namespaces) throws IOException, InterruptedException {
        long at = System.nanoTime();
        for (String one : List.of(namespaces)) {
            stage.iptables(one, how, "PREROUTING", "-i", "to-r", "-j", "DROP");
            stage.iptables("r", how, "PREROUTING", "-i", "to-" + one, "-j", "DROP");
        }
        return at;
    }
}
