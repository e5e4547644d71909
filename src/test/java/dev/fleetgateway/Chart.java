package dev.fleetgateway;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The chart under {@code helm}, rendered as Helm does it. */
final class Chart {

    static final Path FOLDER = Path.of("helm");

    private final String text;

    private Chart(String text) {
        this.text = text;
    }

    /** Rendered with nothing said. */
    static Chart rendered() {
        return new Chart(template().call());
    }

    /** Rendered with these values. */
    static Chart rendered(String values) throws IOException {
        Path file = Files.createTempFile("values", ".yaml");
        try {
            Files.writeString(file, values);
            return new Chart(template().withValuesFile(file).call());
        } finally {
            Files.delete(file);
        }
    }

    private static TemplateCommand template() {
        return new Helm(FOLDER).template().withName("fleet").withKubeVersion("1.37.0");
    }

    /** All objects, by their kind; there are no two of one. */
    Map<String, Node> objects() {
        Map<String, Node> objects = new LinkedHashMap<>();
        for (Object each : new Yaml().loadAll(text)) {
            Node object = new Node(each);
            if (objects.put(object.at("kind").text(), object) != null) {
                throw new IllegalStateException(
                        "two of kind " + object.at("kind").text());
            }
        }
        return objects;
    }

    Node object(String kind) {
        Node object = objects().get(kind);
        if (object == null) {
            throw new IllegalArgumentException(
                    "there is no " + kind + " in " + objects().keySet());
        }
        return object;
    }

    /** The pod's own part of the deployment. */
    Node pod() {
        return object("Deployment").at("spec", "template", "spec");
    }

    /** The gateway's container. */
    Node container() {
        return pod().at("containers", 0);
    }

    /** What the gateway reads as its settings. */
    String settings() {
        return object("ConfigMap").at("data", "application.yml").text();
    }

    /** A part of parsed YAML. */
    record Node(Object value) {

        Node at(Object... path) {
            Object at = value;
            for (Object step : path) {
                at = switch (at) {
                    case Map<?, ?> map when map.containsKey(step) -> map.get(step);
                    case List<?> list when step instanceof Integer index && index < list.size() -> list.get(index);
                    default -> throw new IllegalArgumentException("there is no " + step + " in " + at);
                };
            }
            return new Node(at);
        }

        boolean has(String key) {
            return value instanceof Map<?, ?> map && map.containsKey(key);
        }

        String text() {
            return String.valueOf(value);
        }

        List<Node> list() {
            return ((List<?>) value).stream().map(Node::new).toList();
        }

        /** The one of a list that has this name. */
        Node named(String name) {
            return list().stream()
                    .filter(each -> each.at("name").text().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("nothing is named " + name + " in " + value));
        }
    }
}
