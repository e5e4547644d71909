package dev.fleetgateway.trial;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reaches a real machine in every way there is, takes ways away, and measures what comes of it. Started by
 * {@code src/test/sh/route-trial} with: namespaces' prefix, folder, viam-server, gateway's jar, and the options
 * {@code --runs=<n>} and {@code --only=<regex>}.
 */
final class RouteTrial {

    private RouteTrial() {}

    public static void main(String[] args) throws Exception {
        int runs = 10;
        String only = "";
        for (String option : List.of(args).subList(4, args.length)) {
            if (option.matches("--runs=[1-9][0-9]*")) {
                runs = Integer.parseInt(option.substring("--runs=".length()));
            } else if (option.startsWith("--only=")) {
                only = option.substring("--only=".length());
            } else {
                System.err.println(
                        "route-trial: unknown option " + option + "; there are --runs=<n> and --only=<regex>");
                System.exit(2);
            }
        }
        Path folder = Path.of(args[1]);
        Table table = new Table(folder.resolve("table.md"));
        try (RouteScene scene = new RouteScene(args[0], folder, args[2], args[3])) {
            Rounds rounds = new Rounds(
                    table,
                    Pattern.compile(only),
                    () -> {},
                    since -> scene.motors().longestGapMillis(since));
            scene.openCloud();
            scene.startManaged();
            try {
                EachWay ways = new EachWay(scene, rounds);
                ways.managed();
                new Losses(scene, rounds, runs).all();
                new LocalName(scene, rounds).all(Math.min(runs, 2));
                new Dials(scene, rounds).all();
                ways.unmanaged();
            } finally {
                System.out.println("\n" + table);
            }
        }
        System.exit(table.broken() ? 1 : 0);
    }
}
