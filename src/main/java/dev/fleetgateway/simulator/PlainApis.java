package dev.fleetgateway.simulator;

import viam.service.datamanager.v1.SyncRequest;
import viam.service.datamanager.v1.SyncResponse;
import viam.service.discovery.v1.DiscoverResourcesRequest;
import viam.service.discovery.v1.DiscoverResourcesResponse;

/** The APIs that have little more than what every resource has. */
final class PlainApis {

    private PlainApis() {}

    static Api<Plain> generic() {
        return Api.shaped(Api.of(
                "rdk:component:generic",
                viam.component.generic.v1.Generic.getDescriptor(),
                "GenericService",
                Plain.class));
    }

    static Api<Plain> dataManager() {
        return Api.of(
                        "rdk:service:data_manager",
                        SyncRequest.getDescriptor().getFile(),
                        "DataManagerService",
                        Plain.class)
                .answer(SyncRequest.getDefaultInstance(), "Sync", (_, _) -> SyncResponse.getDefaultInstance());
    }

    /** No machine has such a service; it is there for its files, which are not complete. */
    static Api<Plain> discovery() {
        return Api.of(
                        "rdk:service:discovery",
                        DiscoverResourcesRequest.getDescriptor().getFile(),
                        "DiscoveryService",
                        Plain.class)
                .answer(
                        DiscoverResourcesRequest.getDefaultInstance(),
                        "DiscoverResources",
                        (_, _) -> DiscoverResourcesResponse.getDefaultInstance());
    }
}
