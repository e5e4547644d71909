package dev.fleetgateway.trial;

/** Somebody who drives, and is gone at the end of his block at the latest. */
interface Driving extends AutoCloseable {

    @Override
    void close();
}
