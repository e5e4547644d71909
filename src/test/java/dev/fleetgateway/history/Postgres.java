package dev.fleetgateway.history;

import dev.fleetgateway.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of the test's own, on loopback, that can be killed and started again. */
final class Postgres {

    private final Path programs;
    private final Path folder;
    private final int port;
    private @Nullable Process server;

    private Postgres(Path programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Makes one, not started. The test is skipped where it is not installed.
     *
     * @param folder an empty folder that is given to it
     */
    static Postgres in(Path folder) throws IOException, InterruptedException {
        Path programs = programs().orElse(null);
        Needs.that(programs != null, "PostgreSQL is not installed: apt-get install postgresql");
        if (programs == null) {
            throw new IllegalStateException("skipped");
        }
        Postgres postgres = new Postgres(programs, folder, freePort());
        if (root()) {
            run(List.of("chown", "-R", "postgres:", folder.toString()));
        }
        run(postgres.command(
                "initdb",
                "-D",
                postgres.data(),
                "-U",
                "gateway",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync"));
        return postgres;
    }

    /** Where it is. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    NamedDatabase settings() {
        return new NamedDatabase(url(), "gateway", null, null);
    }

    /** It runs, and answers. */
    void start() throws IOException {
        server = new ProcessBuilder(command(
                        "postgres",
                        "-D",
                        data(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off"))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::answers);
    }

    /** It is gone in the middle of what it does. */
    void die() throws IOException, InterruptedException {
        Process running = server;
        if (running != null) {
            signal("QUIT", running.toHandle());
            running.waitFor(20, TimeUnit.SECONDS);
            server = null;
        }
    }

    /** It keeps its connections and answers nothing. */
    void freeze() throws IOException, InterruptedException {
        everything("STOP");
    }

    /** It goes on where it was frozen. */
    void thaw() throws IOException, InterruptedException {
        everything("CONT");
    }

    /** Does something in it. */
    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "gateway", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** It is gone for good. */
    void close() throws IOException, InterruptedException {
        thaw();
        die();
    }

    private void everything(String signal) throws IOException, InterruptedException {
        Process running = server;
        if (running != null) {
            signal(signal, running.toHandle());
            for (ProcessHandle child : running.descendants().toList()) {
                signal(signal, child);
            }
        }
    }

    private static void signal(String signal, ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(url(), "gateway", "")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    // It refuses to run as root.
    private List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (root()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    // Debian keeps the server's programs off the path, by version.
    private static Optional<Path> programs() {
        Stream<Path> onPath = Stream.of(System.getenv("PATH").split(":", -1)).map(Path::of);
        return Stream.concat(versions(), onPath)
                .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                .findFirst();
    }

    private static Stream<Path> versions() {
        Path all = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(all)) {
            return Stream.empty();
        }
        try (Stream<Path> versions = Files.list(all)) {
            return versions.sorted(Comparator.reverseOrder()).map(version -> version.resolve("bin")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
