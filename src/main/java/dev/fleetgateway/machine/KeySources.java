package dev.fleetgateway.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the keys of the settings come from. Records, so that reading the same settings again gives an equal machine. */
final class KeySources {

    private KeySources() {}

    record Inline(String key) implements ApiKey.KeySource {

        @Override
        public String read() {
            return key;
        }

        @Override
        public String toString() {
            return "a key in the settings";
        }
    }

    record File(Path file) implements ApiKey.KeySource {

        @Override
        public String read() {
            try {
                String key = Files.readString(file).strip();
                if (key.isEmpty()) {
                    throw new IllegalStateException("the key file " + file + " is empty");
                }
                return key;
            } catch (IOException e) {
                throw new IllegalStateException(
                        "the key file " + file + " cannot be read ("
                                + e.getClass().getSimpleName() + ")",
                        e);
            }
        }
    }
}
