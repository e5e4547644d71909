package dev.fleetgateway.peer;

import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.internal.NativeObject;
import dev.onvoid.webrtc.internal.RefCountedObject;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * The one reference that webrtc-java 0.14.0 takes on each connection and never gives back, 70 kB each. It is given back here
 * through the library's own handle, and only where the library looks as it was seen to: a field {@code nativeHandle} that
 * {@code close} sets to zero.
 */
final class ForgottenReference extends RefCountedObject {

    private static final @Nullable Field HANDLE = handle();

    private static @Nullable Field handle() {
        try {
            Field field = NativeObject.class.getDeclaredField("nativeHandle");
            if (field.getType() != long.class) {
                return null;
            }
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException | RuntimeException e) {
            // Another version, or one that does not let us: then it forgets, as it does by itself.
            return null;
        }
    }

    /** Closes it, and frees it where that can be done. */
    static void closeAndFree(RTCPeerConnection connection) {
        Field field = HANDLE;
        if (field == null) {
            connection.close();
            return;
        }
        try {
            long handle = field.getLong(connection);
            connection.close();
            if (handle != 0 && field.getLong(connection) == 0) {
                ForgottenReference reference = new ForgottenReference();
                field.setLong(reference, handle);
                reference.release();
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
