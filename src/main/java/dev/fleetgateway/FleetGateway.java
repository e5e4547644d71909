package dev.fleetgateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The gateway: starts every room and the HTTP server. */
@SpringBootApplication
public class FleetGateway {

    /** Starts the gateway with Spring's own argument handling. */
    public static void main(String[] args) {
        SpringApplication.run(FleetGateway.class, args);
    }
}
