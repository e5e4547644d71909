package dev.fleetgateway.connection.direct;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket whose packets go to a network of the host's own or nowhere ({@code SO_DONTROUTE}). Without it, when that network goes, the
 * system sends what belongs to an open connection by the default route: a dozen packets until the gateway has noticed, seen in a trial.
 *
 * <p>Java has no name for the option, so it is set by the system's own call, on Linux, where the JDK's inside is exported
 * ({@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}, as in the jar's manifest). Elsewhere it is a socket as any other, and a line in
 * the log says so once.
 */
final class OnLinkSocket extends NioSocketChannel {

    private static final Logger log = LoggerFactory.getLogger(OnLinkSocket.class);

    // The numbers of Linux.
    private static final int SOL_SOCKET = 1;
    private static final int SO_DONTROUTE = 5;

    private static final @Nullable Option OPTION = option();

    /** The system's call, and what gives the number of a socket. */
    private record Option(MethodHandle setsockopt, MethodHandle number) {}

    OnLinkSocket() {
        if (OPTION != null) {
            set(OPTION, javaChannel());
        }
    }

    /** Whether the option can be set here. */
    static boolean available() {
        return OPTION != null;
    }

    private static void set(Option option, SocketChannel channel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            int number = (int) option.number.invoke(channel);
            int failed = (int) option.setsockopt.invoke(number, SOL_SOCKET, SO_DONTROUTE, on, Integer.BYTES);
            if (failed != 0) {
                log.warn(
                        "A connection that must not leave the local network cannot be told so; it is closed when its network goes");
            }
        } catch (Throwable e) {
            throw new IllegalStateException("SO_DONTROUTE cannot be set", e);
        }
    }

    private static @Nullable Option option() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return none("the system is not Linux");
        }
        try {
            Class<?> inside = Class.forName("sun.nio.ch.SelChImpl");
            MethodHandle number =
                    MethodHandles.lookup().findVirtual(inside, "getFDVal", MethodType.methodType(int.class));
            Linker linker = Linker.nativeLinker();
            MethodHandle setsockopt = linker.downcallHandle(
                    linker.defaultLookup().find("setsockopt").orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT));
            return new Option(setsockopt, number);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return none("start Java with --add-exports java.base/sun.nio.ch=ALL-UNNAMED (" + e.getMessage() + ")");
        }
    }

    private static @Nullable Option none(String why) {
        log.warn(
                "Connections to .local.viam.cloud machines are closed when their network goes, but a few packets may leave by another"
                        + " until then: {}",
                why);
        return null;
    }
}
