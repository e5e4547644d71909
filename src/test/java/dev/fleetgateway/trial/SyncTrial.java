package dev.fleetgateway.trial;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Takes the clouds away from real machines in every way there is, and holds what is said of their sync against what is true. Started
 * by {@code src/test/sh/sync-trial} with: namespaces' prefix, folder, viam-server, gateway's jar, and the options
 * {@code --minutes=<n>} and {@code --only=<regex>}.
 */
final class SyncTrial {

    /** What happens to one machine. All of them happen at the same time. */
    private interface Story {
        void happen() throws Exception;
    }

    private SyncTrial() {}

    public static void main(String[] args) throws Exception {
        int minutes = 20;
        String only = "";
        for (String option : List.of(args).subList(4, args.length)) {
            if (option.matches("--minutes=[1-9][0-9]*")) {
                minutes = Integer.parseInt(option.substring("--minutes=".length()));
            } else if (option.startsWith("--only=")) {
                only = option.substring("--only=".length());
            } else {
                System.err.println(
                        "sync-trial: unknown option " + option + "; there are --minutes=<n> and --only=<regex>");
                System.exit(2);
            }
        }
        Path folder = Path.of(args[1]);
        Verdicts verdicts = new Verdicts(folder.resolve("table.md"));
        try (SyncScene scene = new SyncScene(args[0], folder, args[2], args[3])) {
            tell(stories(scene, verdicts, minutes), Pattern.compile(only), scene, verdicts);
        } finally {
            System.out.println("\n" + verdicts);
        }
        System.exit(verdicts.broken() ? 1 : 0);
    }

    private static Map<String, Story> stories(SyncScene scene, Verdicts verdicts, int minutes) {
        Outages outages = new Outages(scene, verdicts);
        Health health = new Health(scene, verdicts, minutes);
        Unmanaged unmanaged = new Unmanaged(scene, verdicts);
        Views views = new Views(scene, verdicts);
        Map<String, Story> all = new LinkedHashMap<>();
        all.put("slow", health::slow);
        all.put("minute", health::minute);
        all.put("away", outages::away);
        all.put("faults", outages::faults);
        all.put("removed", unmanaged::removed);
        all.put("never", unmanaged::never);
        all.put("offline", outages::offline);
        all.put("uplink", health::uplink);
        all.put("views", views::views);
        return all;
    }

    private static void tell(Map<String, Story> stories, Pattern only, SyncScene scene, Verdicts verdicts) {
        if (!only.matcher("away").find()) {
            scene.restarted();
        }
        if (!only.matcher("uplink").find()) {
            scene.unneeded();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            stories.forEach((name, story) -> {
                if (only.matcher(name).find()) {
                    threads.execute(() -> tell(name, story, verdicts));
                }
            });
        }
    }

    private static void tell(String name, Story story, Verdicts verdicts) {
        long at = System.nanoTime();
        try {
            try {
                story.happen();
            } catch (Exception e) {
                verdicts.add(name + ", not to its end: " + e, Optional.empty(), at, "", "");
            }
        } catch (java.io.IOException e) {
            System.err.println("not written: " + e);
        }
    }
}
