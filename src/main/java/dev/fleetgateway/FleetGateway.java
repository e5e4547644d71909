package dev.fleetgateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/** The gateway: starts every room and the HTTP server. Spring Boot's HTML error page is left out: errors are problems, everywhere. */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
public class FleetGateway {

    /** Starts the gateway with Spring's own argument handling. */
    public static void main(String[] args) {
        SpringApplication.run(FleetGateway.class, args);
    }
}
