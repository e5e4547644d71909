package dev.fleetgateway.session;

import dev.fleetgateway.problem.SettingsException;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sessions are kept.
 *
 * @param beatsPerWindow beats in one window of the machine's, 5; 3 to 20
 * @param allowUnprotected whether a machine that keeps no sessions may be moved all the same, with nothing but the gateway to stop
 *     it
 */
public record SessionSettings(
        @DefaultValue("5") int beatsPerWindow,
        @DefaultValue("false") boolean allowUnprotected) {

    /** Refuses what makes no sense. */
    public SessionSettings {
        if (beatsPerWindow < 3 || beatsPerWindow > 20) {
            throw new SettingsException(
                    "gateway.session.beats-per-window",
                    "is " + beatsPerWindow
                            + ", but must be from 3 to 20: the machine sets the window, and one lost beat must not end the session",
                    "Leave it out for 5.");
        }
    }
}
