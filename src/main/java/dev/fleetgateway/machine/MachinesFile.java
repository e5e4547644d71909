package dev.fleetgateway.machine;

import dev.fleetgateway.problem.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Machines written in a YAML file of their own: the same map as {@code gateway.machines}, names at the top. */
public final class MachinesFile implements MachineSource {

    private static final String KEY = "gateway.machines-file";

    private final Path file;
    private final MachineSettings defaults;
    private final SignalingSettings signaling;
    private final Environment environment;
    private long readAt = -1;
    private long readSize = -1;

    /**
     * Reads nothing yet.
     *
     * @param signaling what machines of the cloud are reached by that do not say
     * @param environment resolves {@code ${VARIABLE}} in the file
     */
    public MachinesFile(Path file, MachineSettings defaults, SignalingSettings signaling, Environment environment) {
        this.file = file;
        this.defaults = defaults;
        this.signaling = signaling;
        this.environment = environment;
    }

    @Override
    public synchronized boolean changed() {
        return readAt != modified() || readSize != size();
    }

    @Override
    public synchronized List<Machine> read() {
        readAt = modified();
        readSize = size();
        try {
            List<PropertySource<?>> sources =
                    new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file));
            List<PropertySource<?>> prefixed = sources.stream()
                    .<PropertySource<?>>map(source -> prefixed((MapPropertySource) source))
                    .toList();
            Binder binder = new Binder(
                    ConfigurationPropertySources.from(prefixed), new PropertySourcesPlaceholdersResolver(environment));
            Map<String, MachineSettings> found = binder.bind(
                            "machines",
                            Bindable.mapOf(String.class, MachineSettings.class),
                            new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                    .orElse(Map.of());
            return found.entrySet().stream()
                    .map(entry -> entry.getValue()
                            .toMachine(file + ": " + entry.getKey(), entry.getKey(), defaults, signaling))
                    .toList();
        } catch (IOException e) {
            throw new SettingsException(
                    KEY,
                    "is " + file + ", which cannot be read (" + e.getMessage() + ")",
                    "Mend the file or its path.");
        } catch (BindException e) {
            throw new SettingsException(KEY, "is " + file + ", in which " + reason(e), "Mend the entry.");
        } catch (YAMLException e) {
            // Its own words quote the file, which may hold keys.
            throw new SettingsException(KEY, "is " + file + ", which is not valid YAML" + place(e), "Mend the file.");
        }
    }

    private static String reason(BindException e) {
        if (e.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
            return "there are unknown keys: "
                    + unbound.getUnboundProperties().stream()
                            .map(property -> property.getName().toString().replaceFirst("^machines\\.", ""))
                            .toList();
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return e.getName().toString().replaceFirst("^machines\\.", "") + " does not fit: " + root.getMessage();
    }

    private static String place(YAMLException e) {
        Mark mark = e instanceof MarkedYAMLException marked ? marked.getProblemMark() : null;
        return mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }

    private static MapPropertySource prefixed(MapPropertySource source) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String key : source.getPropertyNames()) {
            Object value = source.getProperty(key);
            if (value != null) {
                all.put("machines." + key, value);
            }
        }
        return new MapPropertySource(source.getName(), all);
    }

    private long modified() {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return -1;
        }
    }

    private long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }
}
