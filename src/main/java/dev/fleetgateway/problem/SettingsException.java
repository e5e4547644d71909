package dev.fleetgateway.problem;

import java.io.Serial;

/** Settings that make no sense: the start stops, and the failure analysis names the key. */
public final class SettingsException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String action;

    /**
     * Names what is wrong and how to mend it.
     *
     * @param key the setting, such as {@code gateway.machines.rover-1.address}
     * @param what what it is and why that cannot be, following the key in the sentence
     * @param action what to do
     */
    public SettingsException(String key, String what, String action) {
        super(key + " " + what);
        this.key = key;
        this.action = action;
    }

    /** The setting that is wrong. */
    public String key() {
        return key;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
