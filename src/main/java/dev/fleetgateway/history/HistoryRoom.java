package dev.fleetgateway.history;

import dev.fleetgateway.problem.SettingsException;
import dev.fleetgateway.status.Pictures;
import dev.fleetgateway.time.Time;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the room together and begins to listen. */
@Configuration(proxyBeanMethods = false)
class HistoryRoom {

    @Bean
    History history(
            Time time,
            Pictures pictures,
            HistorySettings settings,
            NamedDatabase database,
            @Qualifier("replica") String replica) {
        Run run = new Run(pictures.feed().epoch(), replica, time.now());
        History history = new History(time, run, settings.keep(), store(settings, database));
        history.start(pictures);
        return history;
    }

    @Bean
    HistoryMeters historyMeters(History history) {
        return new HistoryMeters(history);
    }

    private static @Nullable Store store(HistorySettings settings, NamedDatabase database) {
        Optional<Path> folder = settings.folder();
        if (!database.present()) {
            return folder.map(path -> JdbcStore.embedded(path, Bounds.EMBEDDED)).orElse(null);
        }
        if (folder.isPresent()) {
            throw new SettingsException(
                    HistorySettings.PATH,
                    "is set, and so is spring.datasource.url",
                    "Keep the history at one place: leave one of them out.");
        }
        return JdbcStore.named(database, Bounds.NAMED);
    }
}
