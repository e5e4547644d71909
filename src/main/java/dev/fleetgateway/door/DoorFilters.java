package dev.fleetgateway.door;

import dev.fleetgateway.access.OriginRules;
import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.CompositeFilter;

/** The filters of every request, as one, so that nothing comes in between and their order is written here. */
@Configuration(proxyBeanMethods = false)
class DoorFilters {

    @Bean
    FilterRegistrationBean<CompositeFilter> doorFilter(ObjectProvider<OriginRules> rules) {
        // Late, because Tomcat logs a stack trace for settings that are refused while it makes its filters. The port
        // opens
        // only when all rooms stand, the rules among them.
        Supplier<OriginRules> late = SingletonSupplier.of(rules::getObject);
        CompositeFilter filters = new CompositeFilter();
        filters.setFilters(List.of(new ProblemFilter(), new HostAndOriginFilter(late), new BodyRulesFilter()));
        FilterRegistrationBean<CompositeFilter> registration = new FilterRegistrationBean<>(filters);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        return registration;
    }
}
