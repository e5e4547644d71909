package dev.fleetgateway.history;

import dev.fleetgateway.problem.SettingsException;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * A PostgreSQL that the history is kept in, by Spring's own keys. Others of theirs are not read here, and so stop the start.
 *
 * @param url {@code jdbc:postgresql://host/database}; empty: there is none
 */
@ConfigurationProperties(prefix = "spring.datasource", ignoreUnknownFields = false)
public record NamedDatabase(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String driverClassName) {

    private static final String URL = "spring.datasource.url";
    private static final String DRIVER = "org.postgresql.Driver";

    /** Refuses what can be known to lead nowhere. The address is not repeated: it may hold a password. */
    public NamedDatabase {
        if (driverClassName != null && !driverClassName.equals(DRIVER)) {
            throw new SettingsException(
                    "spring.datasource.driver-class-name",
                    "is '" + driverClassName + "', which is not there",
                    "Leave it out: the history is kept in PostgreSQL only.");
        }
        if (url != null && !url.isBlank()) {
            check(url);
        }
    }

    /** Whether one is named. */
    public boolean present() {
        return url != null && !url.isBlank();
    }

    private static void check(String url) {
        String wanted = "Write jdbc:postgresql://<host>:<port>/<database>; for an embedded database set "
                + HistorySettings.PATH + " instead.";
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new SettingsException(URL, "is not the address of a PostgreSQL database", wanted);
        }
        try {
            var _ = DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new SettingsException(URL, "cannot be read as the address of a PostgreSQL database", wanted);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "NamedDatabase[username=" + username + "]";
    }
}
