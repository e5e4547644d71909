package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;

/** Request bodies, never larger than the machines would take: 32 MiB. */
final class Bodies {

    static final int LIMIT = 32 * 1024 * 1024;

    /** So much is held on a caller's word alone, before it has come. */
    private static final int SMALL = 16 * 1024;

    private Bodies() {}

    /**
     * The whole body; empty where there is none. Refused as {@code request-too-large} above the limit: before the first byte
     * where the length is declared, else as soon as the limit is passed, so that at most the limit is ever held.
     */
    static byte[] read(HttpServletRequest request) throws IOException {
        refuseIfDeclaredTooLarge(request);
        long declared = request.getContentLengthLong();
        if (declared >= 0 && declared <= SMALL) {
            // The container ends the stream there. Reading to an unknown end would take 16 kB for every small body.
            byte[] body = new byte[(int) declared];
            int read = request.getInputStream().readNBytes(body, 0, body.length);
            return read == body.length ? body : Arrays.copyOf(body, read);
        }
        byte[] body = request.getInputStream().readNBytes(LIMIT + 1);
        if (body.length > LIMIT) {
            throw tooLarge("more than that");
        }
        return body;
    }

    /** Refuses a request whose {@code Content-Length} is above the limit. */
    static void refuseIfDeclaredTooLarge(HttpServletRequest request) {
        long declared = request.getContentLengthLong();
        if (declared > LIMIT) {
            throw tooLarge("%d bytes".formatted(declared));
        }
    }

    /** Whether a body follows the request's header. */
    static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || isChunked(request);
    }

    /** Whether the body's length is not known before it ends. */
    static boolean isChunked(HttpServletRequest request) {
        return request.getHeader("Transfer-Encoding") != null;
    }

    static ProblemException tooLarge(String size) {
        return new ProblemException(Problem.of(
                ProblemCode.REQUEST_TOO_LARGE,
                "A request's body may have %d bytes (32 MiB), this one has %s".formatted(LIMIT, size)));
    }
}
