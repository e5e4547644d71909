package dev.fleetgateway.door;

import dev.fleetgateway.command.Commands;
import dev.fleetgateway.time.Time;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Leads the paths of calls to their handler, before any controller is asked. */
@Configuration(proxyBeanMethods = false)
class CallRoutes {

    private static final String MACHINE = "/api/v1/machines/*";

    @Bean
    SimpleUrlHandlerMapping calls(Commands commands, @Qualifier("replica") String replica, Time time) {
        CallHandler handler = new CallHandler(
                commands, replica, new BodyBudget(Runtime.getRuntime().maxMemory() / 4), time);
        return new SimpleUrlHandlerMapping(
                Map.of(
                        MACHINE + "/components/*/*/*", handler,
                        MACHINE + "/services/*/*/*", handler,
                        MACHINE + "/resources/*/*/*", handler,
                        MACHINE + "/rpc/*/*", handler),
                Ordered.HIGHEST_PRECEDENCE + 10);
    }
}
