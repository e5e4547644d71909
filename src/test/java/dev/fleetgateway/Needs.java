package dev.fleetgateway;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine it runs on. Without it the test is skipped in one line, or fails where skips are forbidden ({@code -Dtests.skips=forbidden}, as in CI). */
public final class Needs {

    private Needs() {}

    /**
     * Skips the test unless the program is on the path.
     *
     * @param packages the Debian packages that bring it
     */
    public static void program(String program, String packages) {
        that(isOnPath(program), "%s is not installed: apt-get install %s".formatted(program, packages));
    }

    /** Skips the test, saying what is missing, unless it is there. */
    public static void that(boolean there, String missing) {
        if (!there && "forbidden".equals(System.getProperty("tests.skips"))) {
            fail("No test may be skipped here, and " + missing);
        }
        Assumptions.assumeTrue(there, missing);
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                        .splitAsStream(path)
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
