package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Tls;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells from the status of a failed connection what was the matter, in words for people. */
public final class Causes {

    private Causes() {}

    /** What was the matter. */
    public record Cause(FailureKind kind, String reason) {}

    /**
     * What was to be connected to.
     *
     * @param where its address, as people are told it
     * @param program what should listen there, {@code viam-server}
     * @param key the setting that protects the way to it, {@code tls.mode}
     * @param tls how it is protected
     */
    public record Target(String where, String program, String key, Tls tls) {

        private boolean secured() {
            return tls.mode() == Tls.Mode.REQUIRED;
        }
    }

    /**
     * The cause of a failure.
     *
     * @param spoken whether the other side ever answered in HTTP/2
     */
    public static Cause of(Status status, Target target, boolean spoken) {
        String where = target.where;
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            Cause found = known(cause, target);
            if (found != null) {
                return found;
            }
        }
        String said = status.getDescription() == null ? "" : status.getDescription();
        if (!target.secured()
                && (said.contains("http2 exception") || said.contains("First received frame was not SETTINGS"))) {
            return plaintext(target);
        }
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return new Cause(FailureKind.TIMEOUT, where + " did not answer in time");
        }
        if (said.toLowerCase(Locale.ROOT).contains("keepalive failed")) {
            return new Cause(FailureKind.SILENT, where + " no longer answers: keepalive failed");
        }
        if (!target.secured() && !spoken) {
            // So does a viam-server that requires TLS (seen live), and so may one that is just going: worth trying
            // again soon.
            return new Cause(
                    FailureKind.CLOSED,
                    where + " closed the connection without a word; it may require TLS: " + target.key
                            + " is PLAINTEXT for this machine");
        }
        return new Cause(
                FailureKind.CLOSED, "the connection to " + where + " closed" + (said.isEmpty() ? "" : ": " + said));
    }

    private static @Nullable Cause known(Throwable cause, Target target) {
        String where = target.where;
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        String type = cause.getClass().getSimpleName();
        if (cause instanceof UnknownHostException) {
            return new Cause(FailureKind.NAME_UNKNOWN, "no address is known for " + where);
        }
        if (cause instanceof NoRouteToHostException || message.contains("unreachable")) {
            return new Cause(FailureKind.NO_ROUTE, "there is no way to " + where + ": " + message);
        }
        if (type.contains("ConnectTimeout")) {
            return new Cause(FailureKind.TIMEOUT, where + " did not answer: " + message);
        }
        if (cause instanceof ConnectException) {
            return message.contains("refused")
                    ? new Cause(
                            FailureKind.REFUSED,
                            "connection refused by " + where + ": no " + target.program + " listens there")
                    : new Cause(FailureKind.OTHER, where + ": " + message);
        }
        if (type.equals("NotSslRecordException")) {
            return new Cause(
                    FailureKind.PROTOCOL,
                    where + " speaks plaintext, but TLS is required; set " + target.key
                            + " to PLAINTEXT only if that is meant");
        }
        if (cause instanceof CertificateException) {
            return new Cause(
                    FailureKind.CERTIFICATE,
                    "the certificate of " + where + " is not good for " + target.tls.serverName() + ": " + message);
        }
        if (cause instanceof SSLException && cause.getCause() == null) {
            return new Cause(FailureKind.CERTIFICATE, "TLS with " + where + " failed: " + message);
        }
        if (!target.secured() && type.equals("Http2Exception")) {
            return plaintext(target);
        }
        return null;
    }

    private static Cause plaintext(Target target) {
        return new Cause(
                FailureKind.PROTOCOL,
                target.where + " does not speak plaintext gRPC; it may require TLS: " + target.key
                        + " is PLAINTEXT for this machine");
    }
}
