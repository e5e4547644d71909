package dev.fleetgateway.bench;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.MethodDescriptor;
import viam.common.v1.GetReadingsRequest;
import viam.common.v1.GetReadingsResponse;
import viam.component.sensor.v1.SensorServiceGrpc;

/** The READ of {@link HttpReadings} by gRPC. */
final class GrpcReadings implements GrpcCall<GetReadingsRequest, GetReadingsResponse> {

    @Override
    public MethodDescriptor<GetReadingsRequest, GetReadingsResponse> method() {
        return SensorServiceGrpc.getGetReadingsMethod();
    }

    @Override
    public GetReadingsRequest request(int slot) {
        return GetReadingsRequest.newBuilder()
                .setName("s1")
                .setExtra(Struct.newBuilder()
                        .putFields(
                                "n",
                                Value.newBuilder().setNumberValue(1000 + slot).build()))
                .build();
    }

    @Override
    public boolean isGood(GetReadingsResponse answer) {
        return answer.getReadingsCount() > 0;
    }
}
