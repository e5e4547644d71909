package dev.fleetgateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What the Dockerfile says, read as Docker does, so that tests run what the image would. */
final class Dockerfile {

    /** One instruction of it. */
    record Instruction(String word, String rest) {}

    private final List<Instruction> all;
    private final List<Instruction> image;

    private Dockerfile(List<Instruction> all) {
        this.all = all;
        int last = all.stream().map(Instruction::word).toList().lastIndexOf("FROM");
        this.image = all.subList(last, all.size());
    }

    static Dockerfile read() throws IOException {
        String joined = Files.readAllLines(Path.of("Dockerfile")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .collect(Collectors.joining("\n"))
                .replaceAll("\\\\\\n\\s*", "");
        return new Dockerfile(joined.lines()
                .map(line -> line.split("\\s+", 2))
                .map(parts -> new Instruction(parts[0], parts[1]))
                .toList());
    }

    /** The one command of a stage before the last that begins so. */
    String command(String beginning) {
        return one(all.stream()
                .filter(each -> each.word.equals("RUN") && each.rest.startsWith(beginning))
                .map(Instruction::rest)
                .toList());
    }

    /** The one instruction of the image with this word. */
    String only(String word) {
        return one(every(word));
    }

    List<String> every(String word) {
        return image.stream()
                .filter(each -> each.word.equals(word))
                .map(Instruction::rest)
                .toList();
    }

    List<String> entrypoint() {
        return JsonMapper.shared().readValue(only("ENTRYPOINT"), new TypeReference<List<String>>() {});
    }

    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        Arrays.stream(only("ENV").split("\\s+"))
                .map(each -> each.split("=", 2))
                .forEach(each -> environment.put(each[0], each[1]));
        return environment;
    }

    private static String one(List<String> found) {
        if (found.size() != 1) {
            throw new IllegalStateException("there should be one, and there are " + found);
        }
        return found.getFirst();
    }
}
