package dev.fleetgateway.status;

import dev.fleetgateway.lease.LeaseView;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Import;

/** The whole room, for tests of rooms that use it. */
@Import(StatusRoom.class)
public class StatusForTests {

    /**
     * Pictures of a fleet, without the rest of the room.
     *
     * @param leases by machine, as they are when a picture is made
     */
    public static Pictures pictures(Time time, String epoch, FakeFleet fleet, Map<String, LeaseView> leases) {
        Pictures pictures = new Pictures(
                time,
                new Feed(time, epoch),
                "gateway-0",
                Duration.ofDays(1),
                name -> new Moving(0, leases.get(name), List.of()),
                _ -> FakeFleet.NOT_JUDGED);
        fleet.listen(pictures);
        return pictures;
    }
}
