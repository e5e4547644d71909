package dev.fleetgateway.command;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
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
        Map<String, Described> described = new HashMap<>();
        List<ResourceListing> listings = new ArrayList<>();
        for (MachineReport.Resource resource : report.resources()) {
            String service = services.getOrDefault(resource.api(), "");
            Described methods = described.computeIfAbsent(service, each -> describe(each, link, api));
            listings.add(new ResourceListing(
                    resource.name(),
                    resource.api(),
                    service,
                    resource.state(),
                    resource.reason().isEmpty() ? methods.reason : resource.reason(),
                    methods.methods));
        }
        return listings;
    }

    /** What can be called on a service, or why that is not known. */
    private record Described(List<ResourceListing.MethodListing> methods, String reason) {}

    private static Described describe(String service, Link link, MachineApi api) {
        if (service.isEmpty()) {
            return new Described(List.of(), "the machine names no service for this API");
        }
        try {
            return new Described(
                    api.service(link, service).methods().stream()
                            .map(Listings::method)
                            .toList(),
                    "");
        } catch (ProblemException e) {
            return new Described(List.of(), e.problem().detail());
        }
    }

    private static ResourceListing.MethodListing method(MethodApi method) {
        return new ResourceListing.MethodListing(
                method.name(), method.effect(), method.monitored(), method.sticky(), method.serverStreaming());
    }
}
