package dev.fleetgateway.simulator;

import viam.service.navigation.v1.AddWaypointRequest;
import viam.service.navigation.v1.AddWaypointResponse;
import viam.service.navigation.v1.GetLocationRequest;
import viam.service.navigation.v1.GetLocationResponse;
import viam.service.navigation.v1.GetModeRequest;
import viam.service.navigation.v1.GetModeResponse;
import viam.service.navigation.v1.GetPropertiesRequest;
import viam.service.navigation.v1.GetPropertiesResponse;
import viam.service.navigation.v1.GetWaypointsRequest;
import viam.service.navigation.v1.GetWaypointsResponse;
import viam.service.navigation.v1.MapType;
import viam.service.navigation.v1.RemoveWaypointRequest;
import viam.service.navigation.v1.RemoveWaypointResponse;
import viam.service.navigation.v1.SetModeRequest;
import viam.service.navigation.v1.SetModeResponse;

/** The navigation API, said in terms of {@link Navigation}. Where it is never changes, however long it drives. */
final class NavigationApi {

    private NavigationApi() {}

    static Api<Navigation> api() {
        return Api.of(
                        "rdk:service:navigation",
                        SetModeRequest.getDescriptor().getFile(),
                        "NavigationService",
                        Navigation.class)
                .answer(
                        GetModeRequest.getDefaultInstance(),
                        "GetMode",
                        (navigation, _) -> GetModeResponse.newBuilder()
                                .setMode(navigation.mode())
                                .build())
                .answer(SetModeRequest.getDefaultInstance(), "SetMode", (navigation, request) -> {
                    navigation.setMode(request.getMode());
                    return SetModeResponse.getDefaultInstance();
                })
                .answer(
                        GetLocationRequest.getDefaultInstance(),
                        "GetLocation",
                        (_, _) -> GetLocationResponse.newBuilder()
                                .setLocation(Readings.PLACE)
                                .setCompassHeading(Readings.HEADING)
                                .build())
                .answer(
                        GetWaypointsRequest.getDefaultInstance(),
                        "GetWaypoints",
                        (navigation, _) -> GetWaypointsResponse.newBuilder()
                                .addAllWaypoints(navigation.waypoints())
                                .build())
                .answer(AddWaypointRequest.getDefaultInstance(), "AddWaypoint", (navigation, request) -> {
                    navigation.add(request.getLocation());
                    return AddWaypointResponse.getDefaultInstance();
                })
                .answer(RemoveWaypointRequest.getDefaultInstance(), "RemoveWaypoint", (navigation, request) -> {
                    navigation.remove(request.getId());
                    return RemoveWaypointResponse.getDefaultInstance();
                })
                .answer(
                        GetPropertiesRequest.getDefaultInstance(),
                        "GetProperties",
                        (_, _) -> GetPropertiesResponse.newBuilder()
                                .setMapType(MapType.MAP_TYPE_GPS)
                                .build());
    }
}
