package dev.fleetgateway.history;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The whole room without a database, for tests of rooms that use it. */
@Import(HistoryRoom.class)
public class HistoryForTests {

    @Bean
    HistorySettings historySettings() {
        return new HistorySettings(null, Duration.ofDays(30));
    }

    @Bean
    NamedDatabase namedDatabase() {
        return new NamedDatabase(null, null, null, null);
    }
}
