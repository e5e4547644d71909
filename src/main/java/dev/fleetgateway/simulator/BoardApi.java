package dev.fleetgateway.simulator;

import io.grpc.Status;
import viam.component.board.v1.GetDigitalInterruptValueRequest;
import viam.component.board.v1.GetDigitalInterruptValueResponse;
import viam.component.board.v1.GetGPIORequest;
import viam.component.board.v1.GetGPIOResponse;
import viam.component.board.v1.PWMFrequencyRequest;
import viam.component.board.v1.PWMFrequencyResponse;
import viam.component.board.v1.PWMRequest;
import viam.component.board.v1.PWMResponse;
import viam.component.board.v1.ReadAnalogReaderRequest;
import viam.component.board.v1.ReadAnalogReaderResponse;
import viam.component.board.v1.SetGPIORequest;
import viam.component.board.v1.SetGPIOResponse;
import viam.component.board.v1.SetPWMFrequencyRequest;
import viam.component.board.v1.SetPWMFrequencyResponse;
import viam.component.board.v1.SetPWMRequest;
import viam.component.board.v1.SetPWMResponse;
import viam.component.board.v1.SetPowerModeRequest;
import viam.component.board.v1.StreamTicksRequest;
import viam.component.board.v1.StreamTicksResponse;
import viam.component.board.v1.WriteAnalogRequest;
import viam.component.board.v1.WriteAnalogResponse;

/** The board API, said in terms of {@link Board}; with the one server stream of the simulator. */
final class BoardApi {

    private static final float ANALOG_RANGE = 1_000;

    private BoardApi() {}

    static Api<Board> api() {
        Api<Board> api =
                Api.of("rdk:component:board", SetGPIORequest.getDescriptor().getFile(), "BoardService", Board.class);
        pins(api);
        analogs(api);
        return api.answer(SetPowerModeRequest.getDefaultInstance(), "SetPowerMode", (_, _) -> {
                    throw new Refusal(Status.UNIMPLEMENTED.withDescription("Unimplemented"));
                })
                .run(StreamTicksRequest.getDefaultInstance(), "StreamTicks", BoardApi::stream);
    }

    private static void pins(Api<Board> api) {
        api.answer(SetGPIORequest.getDefaultInstance(), "SetGPIO", (board, request) -> {
                    board.set(request.getPin(), _ -> new Board.Pin(request.getHigh(), 0, 0));
                    return SetGPIOResponse.getDefaultInstance();
                })
                .answer(
                        GetGPIORequest.getDefaultInstance(),
                        "GetGPIO",
                        (board, request) -> GetGPIOResponse.newBuilder()
                                .setHigh(board.pin(request.getPin()).high())
                                .build())
                .answer(SetPWMRequest.getDefaultInstance(), "SetPWM", (board, request) -> {
                    board.set(
                            request.getPin(), pin -> new Board.Pin(pin.high(), request.getDutyCyclePct(), pin.hertz()));
                    return SetPWMResponse.getDefaultInstance();
                })
                .answer(
                        PWMRequest.getDefaultInstance(),
                        "PWM",
                        (board, request) -> PWMResponse.newBuilder()
                                .setDutyCyclePct(board.pin(request.getPin()).duty())
                                .build())
                .answer(SetPWMFrequencyRequest.getDefaultInstance(), "SetPWMFrequency", (board, request) -> {
                    board.set(request.getPin(), pin -> new Board.Pin(pin.high(), pin.duty(), request.getFrequencyHz()));
                    return SetPWMFrequencyResponse.getDefaultInstance();
                })
                .answer(
                        PWMFrequencyRequest.getDefaultInstance(),
                        "PWMFrequency",
                        (board, request) -> PWMFrequencyResponse.newBuilder()
                                .setFrequencyHz(board.pin(request.getPin()).hertz())
                                .build());
    }

    private static void analogs(Api<Board> api) {
        api.answer(
                        ReadAnalogReaderRequest.getDefaultInstance(),
                        "ReadAnalogReader",
                        (board, request) -> ReadAnalogReaderResponse.newBuilder()
                                .setValue(board.readAnalog(request.getAnalogReaderName()))
                                .setMaxRange(ANALOG_RANGE)
                                .setStepSize(1)
                                .build())
                .answer(WriteAnalogRequest.getDefaultInstance(), "WriteAnalog", (board, request) -> {
                    board.writeAnalog(request.getPin(), request.getValue());
                    return WriteAnalogResponse.getDefaultInstance();
                })
                .answer(
                        GetDigitalInterruptValueRequest.getDefaultInstance(),
                        "GetDigitalInterruptValue",
                        (board, request) -> GetDigitalInterruptValueResponse.newBuilder()
                                .setValue(board.interrupt(request.getDigitalInterruptName()))
                                .build());
    }

    private static void stream(Board board, StreamTicksRequest request, Call call) {
        Runnable end = board.stream(
                request.getPinNamesList(),
                (pin, high) -> call.next(StreamTicksResponse.newBuilder()
                        .setPinName(pin)
                        .setHigh(high)
                        .setTime(board.seconds())
                        .build()));
        // A real machine sends an empty message first, so that the caller knows the stream stands.
        call.next(StreamTicksResponse.getDefaultInstance());
        call.operation().whenCancelled(() -> {
            end.run();
            call.fail(Status.CANCELLED.withDescription("context canceled"));
        });
    }
}
