package dev.fleetgateway;

import dev.fleetgateway.access.AccessSettings;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Reads {@code gateway.access} until all settings under {@code gateway} are read in one place; to be dropped then. */
@Configuration(proxyBeanMethods = false)
class AccessBinding {

    @Bean
    static AccessSettings accessSettings(Environment environment) {
        return Binder.get(environment)
                .bindOrCreate(
                        "gateway.access",
                        Bindable.of(AccessSettings.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    }
}
