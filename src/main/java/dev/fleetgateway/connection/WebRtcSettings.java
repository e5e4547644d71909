package dev.fleetgateway.connection;

import dev.fleetgateway.problem.SettingsException;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many connections by WebRTC may be made. Each costs a little memory that it never gives back, so that a gateway which dials
 * without end would end itself.
 *
 * @param burst that many at once, so that a fleet is there soon after the start; 1 to 100000
 * @param dialsPerMinute ... and then that many a minute, of which half may renew what is worn; 1 to 6000
 */
public record WebRtcSettings(
        @DefaultValue("1000") int burst, @DefaultValue("60") int dialsPerMinute) {

    /** Refuses what makes no sense. */
    public WebRtcSettings {
        check("burst", burst, 100_000, "1000");
        check("dials-per-minute", dialsPerMinute, 6_000, "60");
    }

    private static void check(String name, int value, int most, String standard) {
        if (value < 1 || value > most) {
            throw new SettingsException(
                    "gateway.webrtc." + name,
                    "is %d, but must be from 1 to %d".formatted(value, most),
                    "Leave it out for " + standard + ".");
        }
    }
}
