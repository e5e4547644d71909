package dev.fleetgateway.peer;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.util.concurrent.atomic.LongAdder;

/**
 * One factory of the library, and what has come in on its peers. Its native thread keeps two Java objects of every message for as long
 * as the factory lives, about {@value #KEPT} bytes.
 */
final class Generation {

    /** Heap that is kept of each message (measured). */
    static final int KEPT = 88;

    private final Generations all;
    private final Factory factory;
    private final LongAdder messages = new LongAdder();

    Generation(Generations all, Factory factory) {
        this.all = all;
        this.factory = factory;
    }

    PeerConnectionFactory factory() {
        return factory.peers;
    }

    /** With its sound, which it does not release by itself (10 kB). */
    record Factory(PeerConnectionFactory peers, HeadlessAudioDeviceModule sound) {

        /** Loads the library, if it is the first. */
        static Factory load() {
            // Without a module of its own it looks for the host's sound and aborts the JVM where there is none.
            HeadlessAudioDeviceModule sound = new HeadlessAudioDeviceModule();
            return new Factory(new PeerConnectionFactory(sound), sound);
        }

        private void dispose() {
            peers.dispose();
            sound.dispose();
        }
    }

    /** A message came in. */
    void count() {
        messages.increment();
    }

    long messages() {
        return messages.sum();
    }

    /** Whether it has kept so much that its peers should be made anew, and they would be on another. */
    boolean worn() {
        return all.worn(this);
    }

    /** Ends its threads, which let go of what they kept. None of its peers may be open. */
    void dispose() {
        factory.dispose();
    }
}
