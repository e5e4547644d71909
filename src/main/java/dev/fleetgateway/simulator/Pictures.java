package dev.fleetgateway.simulator;

import com.google.protobuf.ByteString;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/** What every simulated camera sees, painted once, when somebody first looks: it is the same picture for all of them. */
final class Pictures {

    static final int WIDTH = 320;
    static final int HEIGHT = 240;

    private static final int BYTES_PER_POINT = 16;

    private Pictures() {}

    /** A JPEG, a gradient from yellow to blue. */
    static ByteString jpeg() {
        return Jpeg.BYTES;
    }

    /** The same as points in space, in the binary PCD form, 1.2 MB. */
    static ByteString pointCloud() {
        return Cloud.BYTES;
    }

    private static final class Jpeg {
        private static final ByteString BYTES = paint();
    }

    private static final class Cloud {
        private static final ByteString BYTES = points();
    }

    private static ByteString paint() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, colour(x, y));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpeg", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteString.copyFrom(bytes.toByteArray());
    }

    private static ByteString points() {
        int count = WIDTH * HEIGHT;
        String head = """
                VERSION .7
                FIELDS x y z rgb
                SIZE 4 4 4 4
                TYPE F F F I
                COUNT 1 1 1 1
                WIDTH %d
                HEIGHT 1
                VIEWPOINT 0 0 0 1 0 0 0
                POINTS %d
                DATA binary
                """.formatted(count, count);
        ByteBuffer points = ByteBuffer.allocate(count * BYTES_PER_POINT).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                points.putFloat(x / 1_000f)
                        .putFloat(y / 1_000f)
                        .putFloat(blue(x, y) / 1_000f)
                        .putInt(colour(x, y));
            }
        }
        return ByteString.copyFrom(head, StandardCharsets.US_ASCII).concat(ByteString.copyFrom(points.flip()));
    }

    private static int blue(int x, int y) {
        return (int) (255 * Math.hypot(x, y) / Math.hypot(WIDTH, HEIGHT));
    }

    private static int colour(int x, int y) {
        int blue = blue(x, y);
        int yellow = 255 - blue;
        return yellow << 16 | yellow << 8 | blue;
    }
}
