package dev.fleetgateway.door;

import dev.fleetgateway.uplink.Uplink;
import dev.fleetgateway.uplink.UplinkWatch;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The gateway's own way to the internet. */
@RestController
class UplinkController {

    private final UplinkWatch watch;

    UplinkController(UplinkWatch watch) {
        this.watch = watch;
    }

    @GetMapping("/api/v1/uplink")
    Uplink uplink(HttpServletRequest request) {
        StrictParameters.of(request);
        return watch.now();
    }
}
