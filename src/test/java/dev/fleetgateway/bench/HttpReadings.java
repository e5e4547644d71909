package dev.fleetgateway.bench;

/**
 * A READ over REST.
 *
 * @param equal whether all calls to a machine are equal, so that the gateway may share one answer
 */
record HttpReadings(boolean equal) implements HttpCall {

    @Override
    public String path() {
        return "/components/sensor/s1/GetReadings";
    }

    @Override
    public String body(int slot) {
        return "{\"extra\":{\"n\":" + (equal ? 1000 : 1000 + slot) + "}}";
    }
}
