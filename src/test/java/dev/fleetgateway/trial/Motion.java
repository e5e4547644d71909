package dev.fleetgateway.trial;

/** What a driver sets m1 about. */
enum Motion {
    /** One that outlasts its answer. */
    SET_POWER("SetPower, full", "SetPower", "{\"powerPct\":1.0}"),
    /** Two minutes of turning, of which the answer is the end. */
    GO_FOR("GoFor, in flight", "GoFor", "{\"rpm\":50,\"revolutions\":100}");

    private final String title;
    private final String method;
    private final String request;

    Motion(String title, String method, String request) {
        this.title = title;
        this.method = method;
        this.request = request;
    }

    String title() {
        return title;
    }

    String method() {
        return method;
    }

    String request() {
        return request;
    }
}
