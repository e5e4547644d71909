package dev.fleetgateway.door;

import dev.fleetgateway.status.FakeFleet;
import dev.fleetgateway.time.Time;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** What stands behind the page in its tests: the whole gateway, but for machines, calls and leases. */
@TestConfiguration(proxyBeanMethods = false)
class PageFakes {

    @Bean
    @Primary
    FakeFleet fakeFleet(Time time) {
        return new FakeFleet(time);
    }

    @Bean
    @Primary
    FakeCommands fakeCommands() {
        return new FakeCommands();
    }

    @Bean
    @Primary
    FakeLeases fakeLeases() {
        return new FakeLeases();
    }
}
