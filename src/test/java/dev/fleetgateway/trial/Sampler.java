package dev.fleetgateway.trial;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import proto.rpc.v1.AuthServiceGrpc;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.Credentials;
import viam.component.motor.v1.IsPoweredRequest;
import viam.component.motor.v1.MotorServiceGrpc;
import viam.component.motor.v1.MotorServiceGrpc.MotorServiceBlockingStub;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.StopRequest;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.RobotServiceGrpc;

/**
 * Stands beside the machine and writes down when its motors go on and off, each time of {@link System#nanoTime} taken after
 * the answer that showed it: an off is never told too early. It asks only what does not move anything and is not presence,
 * and shares nothing with the gateway.
 *
 * <p>Lines: {@code <nanos> <millis> m1 on|off|unknown}, {@code <nanos> <millis> gap <ms>} after a pause between two samples,
 * {@code <nanos> <millis> mark <n>} and {@code <nanos> <millis> operations <n>}. From its input it takes {@code mark},
 * {@code operations <method>}, {@code power} and {@code stop}. Its arguments are none for a machine without a certificate, or
 * the authority to trust, the machine's name, and the id and the secret of a key.
 */
final class Sampler {

    private static final String[] MOTORS = {"m1", "m2"};
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Sampler() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Channel channel = args.length == 0 ? open() : managed(args[0], args[1], args[2], args[3]);
        BlockingQueue<String> commands = new ArrayBlockingQueue<>(16);
        Thread.ofPlatform().start(() -> listen(commands));
        String[] known = {"", ""};
        int marks = 0;
        long last = System.nanoTime();
        for (long round = 0; ; round++) {
            // m1 is what most of the trial is about; asking both as often would take half of a core from what is
            // measured.
            for (int i = 0; i < (round % 5 == 0 ? 2 : 1); i++) {
                String state = state(within(channel), MOTORS[i]);
                if (!state.equals(known[i])) {
                    known[i] = state;
                    say(MOTORS[i] + " " + state);
                }
            }
            long now = System.nanoTime();
            if (now - last > GAP_NANOS) {
                say("gap " + TimeUnit.NANOSECONDS.toMillis(now - last));
            }
            last = now;
            String command = round % 5 == 0 ? commands.poll() : null;
            if (command != null && command.startsWith("operations ")) {
                say("operations " + operations(channel, command.substring("operations ".length())));
                continue;
            }
            switch (command) {
                case "mark" -> say("mark " + ++marks);
                case "stop" -> {
                    for (String motor : MOTORS) {
                        within(channel)
                                .stop(StopRequest.newBuilder().setName(motor).build());
                    }
                }
                // Without a session, so nothing on the machine ever ends it.
                case "power" ->
                    within(channel)
                            .setPower(SetPowerRequest.newBuilder()
                                    .setName("m1")
                                    .setPowerPct(1)
                                    .build());
                case null, default -> Thread.sleep(1);
            }
        }
    }

    private static ManagedChannel open() {
        return NettyChannelBuilder.forAddress("127.0.0.1", 8080).usePlaintext().build();
    }

    private static Channel managed(String authority, String name, String id, String key) throws IOException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", 8080)
                .overrideAuthority(name)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(new File(authority))
                        .build())
                .build();
        String token = AuthServiceGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setEntity(id)
                        .setCredentials(
                                Credentials.newBuilder().setType("api-key").setPayload(key))
                        .build())
                .getAccessToken();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static long operations(Channel channel, String method) {
        return RobotServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(1, TimeUnit.SECONDS)
                .getOperations(GetOperationsRequest.getDefaultInstance())
                .getOperationsList()
                .stream()
                .filter(operation -> operation.getMethod().endsWith(method))
                .count();
    }

    private static MotorServiceBlockingStub within(Channel channel) {
        return MotorServiceGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.SECONDS);
    }

    private static String state(MotorServiceBlockingStub motors, String name) {
        try {
            return motors.isPowered(IsPoweredRequest.newBuilder().setName(name).build())
                            .getIsOn()
                    ? "on"
                    : "off";
        } catch (StatusRuntimeException e) {
            return "unknown";
        }
    }

    private static void say(String what) {
        PrintStream out = System.out;
        out.println(System.nanoTime() + " " + System.currentTimeMillis() + " " + what);
        out.flush();
    }

    // Who started it is gone when its input ends.
    private static void listen(BlockingQueue<String> commands) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.put(line);
            }
        } catch (IOException | InterruptedException e) {
            System.err.println(e);
        }
        Runtime.getRuntime().halt(0);
    }
}
