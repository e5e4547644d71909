package dev.fleetgateway.history;

import dev.fleetgateway.problem.SettingsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where and how long the history is kept.
 *
 * @param path the folder of an embedded database; empty: there is none
 * @param keep how long what has ended is kept
 */
public record HistorySettings(
        @Nullable String path, @DefaultValue("30d") Duration keep) {

    static final String PATH = "gateway.history.path";

    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(3_650);

    /** Refuses what makes no sense. */
    public HistorySettings {
        if (keep.compareTo(LEAST) < 0 || keep.compareTo(MOST) > 0) {
            throw new SettingsException(
                    "gateway.history.keep",
                    "is " + keep + " but must be from 1m to 3650d",
                    "Say how long what has ended is kept, such as 30d.");
        }
        if (path != null && !path.isBlank()) {
            check(path);
        }
    }

    /** The folder of the embedded database; empty if there is none. */
    public Optional<Path> folder() {
        return path == null || path.isBlank()
                ? Optional.empty()
                : Optional.of(Path.of(path).toAbsolutePath().normalize());
    }

    private static void check(String path) {
        Path folder;
        try {
            folder = Path.of(path).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new SettingsException(
                    PATH, "is '" + path + "', which is no path: " + e.getReason(), "Mend the path.");
        }
        if (path.indexOf(';') >= 0) {
            throw new SettingsException(
                    PATH, "is '" + path + "', but the database takes no path with a ;", "Name another folder.");
        }
        for (Path one = folder; one != null; one = one.getParent()) {
            if (Files.exists(one) && !Files.isDirectory(one)) {
                throw new SettingsException(
                        PATH,
                        "is '" + path + "', but " + one + " is a file",
                        "Name a folder: the database is history.mv.db in it.");
            }
        }
    }
}
