package dev.fleetgateway.door;

import dev.fleetgateway.access.OriginRules;
import jakarta.servlet.DispatcherType;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.CompositeFilter;

/** The filters of every request, as one, so that nothing comes in between and their order is written here. */
@Configuration(proxyBeanMethods = false)
class DoorFilters {

    @Bean
    FilterRegistrationBean<CompositeFilter> doorFilter(OriginRules rules) {
        CompositeFilter filters = new CompositeFilter();
        filters.setFilters(List.of(new ProblemFilter(), new HostAndOriginFilter(rules), new BodyRulesFilter()));
        FilterRegistrationBean<CompositeFilter> registration = new FilterRegistrationBean<>(filters);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        return registration;
    }
}
