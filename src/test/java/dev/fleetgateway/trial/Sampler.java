package dev.fleetgateway.trial;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import viam.component.motor.v1.IsPoweredRequest;
import viam.component.motor.v1.MotorServiceGrpc;
import viam.component.motor.v1.MotorServiceGrpc.MotorServiceBlockingStub;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.StopRequest;

/**
 * Stands beside the machine and writes down when its motors go on and off, each time of {@link System#nanoTime} taken after
 * the answer that showed it: an off is never told too early. It asks only what does not move anything and is not presence,
 * and shares nothing with the gateway.
 *
 * <p>Lines: {@code <nanos> <millis> m1 on|off|unknown}, {@code <nanos> <millis> gap <ms>} after a pause between two samples,
 * {@code <nanos> <millis> mark <n>}. From its input it takes {@code mark}, {@code power} and {@code stop}.
 */
final class Sampler {

    private static final String[] MOTORS = {"m1", "m2"};
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Sampler() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", 8080).usePlaintext().build();
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
            switch (round % 5 == 0 ? commands.poll() : null) {
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

    private static MotorServiceBlockingStub within(ManagedChannel channel) {
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
