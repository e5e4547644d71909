package dev.fleetgateway.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last known good addresses, in memory and, where a file is named, in a small file over a restart. It is written some seconds
 * after an address has changed, whole or not at all. What cannot be read or written is warned of once, and memory serves alone.
 */
public final class KnownAddressesFile implements KnownAddresses, AutoCloseable {

    /** Machines; the one kept longest ago is forgotten for a new one. */
    static final int MOST = 10_000;

    static final Duration WRITE_AFTER = Duration.ofSeconds(10);

    // A machine takes some 100 bytes.
    private static final long LARGEST_FILE = 4L << 20;

    private static final int VERSION = 1;
    private static final Pattern SOCKET =
            Pattern.compile("(?:(?<v4>[0-9.]+)|\\[(?<v6>[0-9a-f:.%]+)])" + ":(?<port>[0-9]{1,5})");
    private static final Logger log = LoggerFactory.getLogger(KnownAddressesFile.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final @Nullable Path file;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();

    /** By name; the one kept last is the last. */
    @GuardedBy("lock")
    private final LinkedHashMap<String, InetSocketAddress> known = new LinkedHashMap<>();

    @GuardedBy("lock")
    private boolean changed;

    @GuardedBy("writing")
    private boolean warned;

    /** What the file holds. Anybody may have written it, so anything may be missing. */
    private record Content(int version, @Nullable List<@Nullable Entry> machines) {}

    private record Entry(@Nullable String name, @Nullable String address) {}

    /** Reads the file, if one is named and there is one. */
    public KnownAddressesFile(DiscoverySettings settings, Time time) {
        this(settings.file().orElse(null), time);
    }

    KnownAddressesFile(@Nullable Path file, Time time) {
        this.file = file;
        this.time = time;
        if (file != null) {
            read(file).forEach(entry -> put(entry.getKey(), entry.getValue()));
        }
    }

    @Override
    public Optional<InetSocketAddress> of(String name) {
        return MachineName.parse(name).map(parsed -> {
            lock.lock();
            try {
                return known.get(parsed.text());
            } finally {
                lock.unlock();
            }
        });
    }

    @Override
    public void keep(String name, InetSocketAddress socket) {
        MachineName parsed = MachineName.parse(name).orElse(null);
        if (parsed == null || socket.isUnresolved() || socket.getPort() == 0) {
            return;
        }
        boolean first;
        lock.lock();
        try {
            // Kept as an address: a name it was resolved from may lead elsewhere tomorrow.
            boolean news = put(parsed.text(), new InetSocketAddress(nameless(socket.getAddress()), socket.getPort()));
            first = news && !changed;
            changed |= news;
        } finally {
            lock.unlock();
        }
        if (first && file != null) {
            var _ = time.after(WRITE_AFTER, () -> Thread.startVirtualThread(this::write));
        }
    }

    private boolean put(String name, InetSocketAddress socket) {
        lock.lock();
        try {
            boolean news = !socket.equals(known.remove(name));
            known.put(name, socket);
            if (known.size() > MOST) {
                known.pollFirstEntry();
            }
            return news;
        } finally {
            lock.unlock();
        }
    }

    private static InetAddress nameless(InetAddress address) {
        return InetAddress.ofLiteral(address.getHostAddress());
    }

    private static List<Map.Entry<String, InetSocketAddress>> read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IOException("it is larger than " + LARGEST_FILE + " bytes");
            }
            Content content = JSON.readValue(Files.readAllBytes(file), Content.class);
            if (content == null || content.version() != VERSION) {
                throw new IOException("it is not of version " + VERSION + ", which this gateway writes");
            }
            List<@Nullable Entry> machines = content.machines();
            if (machines == null || machines.size() > MOST) {
                throw new IOException("it has no machines, or more than " + MOST);
            }
            List<Map.Entry<String, InetSocketAddress>> entries = new ArrayList<>();
            for (Entry entry : machines) {
                entries.add(checked(entry));
            }
            return entries;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            log.warn(
                    "The last known addresses of the machines cannot be read from {} ({}), so they are learnt anew."
                            + " Delete or mend it, or name another as gateway.discovery.known-file",
                    file,
                    reason(e));
            return List.of();
        }
    }

    private static Map.Entry<String, InetSocketAddress> checked(@Nullable Entry entry) {
        if (entry == null || entry.name() == null || entry.address() == null) {
            throw new IllegalArgumentException("it has a machine without a name or an address");
        }
        MachineName name = MachineName.parse(entry.name())
                .orElseThrow(() -> new IllegalArgumentException("it has a name that is none"));
        return Map.entry(name.text(), socket(name, entry.address()));
    }

    private static InetSocketAddress socket(MachineName name, String text) {
        Matcher parts = SOCKET.matcher(text);
        if (parts.matches()) {
            try {
                int port = Integer.parseInt(parts.group("port"));
                String ip = parts.group("v4") != null ? parts.group("v4") : parts.group("v6");
                if (port > 0) {
                    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
                }
            } catch (IllegalArgumentException e) {
                // Told below.
            }
        }
        throw new IllegalArgumentException("the address of " + name.text() + " is none");
    }

    private static String written(InetSocketAddress socket) {
        String ip = socket.getAddress().getHostAddress();
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + socket.getPort();
    }

    private void write() {
        if (file == null) {
            return;
        }
        writing.lock();
        try {
            List<@Nullable Entry> entries = new ArrayList<>();
            lock.lock();
            try {
                if (!changed) {
                    return;
                }
                changed = false;
                known.forEach((name, socket) -> entries.add(new Entry(name, written(socket))));
            } finally {
                lock.unlock();
            }
            replace(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Content(VERSION, entries)));
            warned = false;
        } catch (IOException e) {
            if (!warned) {
                log.warn(
                        "The last known addresses of the machines cannot be written to {} ({}), so they are forgotten"
                                + " when the gateway stops. Name a file that can be written, or none, as"
                                + " gateway.discovery.known-file",
                        file,
                        reason(e));
            }
            warned = true;
        } finally {
            writing.unlock();
        }
    }

    // Whoever reads it, after a crash too, finds the old or the new content.
    private static void replace(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static String reason(Exception e) {
        return switch (e) {
            case JacksonException json -> "it is not the JSON it should be: " + json.getOriginalMessage();
            case FileSystemException files ->
                files.getClass().getSimpleName() + (files.getReason() == null ? "" : ": " + files.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Writes what has not been written. */
    @Override
    public void close() {
        write();
    }
}
