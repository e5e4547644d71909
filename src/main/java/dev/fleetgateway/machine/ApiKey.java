package dev.fleetgateway.machine;

/**
 * An API key of a machine.
 *
 * @param id the key's id, which is no secret
 * @param source where the key is read from, at each dial
 */
public record ApiKey(String id, KeySource source) {

    /** Where a key comes from. */
    @FunctionalInterface
    public interface KeySource {

        /**
         * The key as it is now. May read a file: not for an event loop.
         *
         * @throws IllegalStateException with a sentence saying which file cannot be read and why
         */
        String read();
    }

    /** Names the id and never the key. */
    @Override
    public String toString() {
        return "ApiKey[" + id + "]";
    }
}
