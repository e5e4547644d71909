package dev.fleetgateway.command;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists a machine's resources with what can be called on each. */
final class Listings {

    private Listings() {}

    static List<ResourceListing> of(Connection connection, Link link, MachineApi api) {
        MachineReport report = connection.snapshot().report();
        if (report == null) {
            return List.of();
        }
        Map<String, String> services = api.services(link);
        List<ResourceListing> listings = new ArrayList<>();
        for (MachineReport.Resource resource : report.resources()) {
            listings.add(listing(resource, services.getOrDefault(resource.api(), ""), link, api));
        }
        return listings;
    }

    private static ResourceListing listing(MachineReport.Resource resource, String service, Link link, MachineApi api) {
        String reason = resource.reason();
        List<ResourceListing.MethodListing> methods = List.of();
        if (service.isEmpty()) {
            reason = reason.isEmpty() ? "the machine names no service for this API" : reason;
        } else {
            try {
                methods = api.service(link, service).methods().stream()
                        .map(Listings::method)
                        .toList();
            } catch (ProblemException e) {
                reason = reason.isEmpty() ? e.problem().detail() : reason;
            }
        }
        return new ResourceListing(resource.name(), resource.api(), service, resource.state(), reason, methods);
    }

    private static ResourceListing.MethodListing method(MethodApi method) {
        return new ResourceListing.MethodListing(
                method.name(), method.effect(), method.monitored(), method.sticky(), method.serverStreaming());
    }
}
