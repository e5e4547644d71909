package dev.fleetgateway.connection.direct;

import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.machine.Address;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells from the status of a failed connection what was the matter, in words for people. */
final class Causes {

    private Causes() {}

    record Cause(FailureKind kind, String reason) {}

    /**
     * The cause of a failure.
     *
     * @param spoken whether the other side ever answered in HTTP/2
     */
    static Cause of(Status status, InetSocketAddress address, boolean tls, String serverName, boolean spoken) {
        String where = Address.of(address).toString();
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            Cause found = known(cause, where, tls, serverName);
            if (found != null) {
                return found;
            }
        }
        String said = status.getDescription() == null ? "" : status.getDescription();
        if (!tls && (said.contains("http2 exception") || said.contains("First received frame was not SETTINGS"))) {
            return plaintext(where);
        }
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return new Cause(FailureKind.TIMEOUT, where + " did not answer in time");
        }
        if (said.toLowerCase(Locale.ROOT).contains("keepalive failed")) {
            return new Cause(FailureKind.SILENT, where + " no longer answers: keepalive failed");
        }
        if (!tls && !spoken) {
            // So does a viam-server that requires TLS (seen live), and so may one that is just going: worth trying
            // again soon.
            return new Cause(
                    FailureKind.CLOSED,
                    where + " closed the connection without a word; it may require TLS: tls.mode is PLAINTEXT for this"
                            + " machine");
        }
        return new Cause(
                FailureKind.CLOSED, "the connection to " + where + " closed" + (said.isEmpty() ? "" : ": " + said));
    }

    private static @Nullable Cause known(Throwable cause, String where, boolean tls, String serverName) {
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        String type = cause.getClass().getSimpleName();
        if (cause instanceof NoRouteToHostException || message.contains("unreachable")) {
            return new Cause(FailureKind.NO_ROUTE, "there is no way to " + where + ": " + message);
        }
        if (type.contains("ConnectTimeout")) {
            return new Cause(FailureKind.TIMEOUT, where + " did not answer: " + message);
        }
        if (cause instanceof ConnectException) {
            return message.contains("refused")
                    ? new Cause(
                            FailureKind.REFUSED, "connection refused by " + where + ": no viam-server listens there")
                    : new Cause(FailureKind.OTHER, where + ": " + message);
        }
        if (type.equals("NotSslRecordException")) {
            return new Cause(
                    FailureKind.PROTOCOL,
                    where + " speaks plaintext, but TLS is required; set tls.mode to PLAINTEXT only if that is meant");
        }
        if (cause instanceof CertificateException) {
            return new Cause(
                    FailureKind.CERTIFICATE,
                    "the certificate of " + where + " is not good for " + serverName + ": " + message);
        }
        if (cause instanceof SSLException && cause.getCause() == null) {
            return new Cause(FailureKind.CERTIFICATE, "TLS with " + where + " failed: " + message);
        }
        if (!tls && type.equals("Http2Exception")) {
            return plaintext(where);
        }
        return null;
    }

    private static Cause plaintext(String where) {
        return new Cause(
                FailureKind.PROTOCOL,
                where + " does not speak plaintext gRPC; it may require TLS: tls.mode is PLAINTEXT for this machine");
    }
}
