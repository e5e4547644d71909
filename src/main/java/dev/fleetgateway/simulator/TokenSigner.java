package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs the tokens of one server, which look like those of a real one and, like them, die with the process that signed them. */
final class TokenSigner {

    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String BEARER = "Bearer ";
    private static final Pattern KID = Pattern.compile("\"kid\":\"([^\"]*)\"");
    private static final Pattern SUBJECT = Pattern.compile("\"sub\":\"([^\"]*)\"");

    private final String audience;
    private final Time time;
    private final String kid = Uuids.random();
    private final SecretKeySpec secret =
            new SecretKeySpec(Uuids.random().getBytes(StandardCharsets.UTF_8), "HmacSHA256");

    // Most callers send the same token with every call.
    private volatile @Nullable Verified last;

    private record Verified(String token, String subject) {}

    /**
     * @param audience the name of the server
     */
    TokenSigner(String audience, Time time) {
        this.audience = audience;
        this.time = time;
    }

    /**
     * A token.
     *
     * @param subject whom it names
     * @param type of the credentials it was got for
     */
    String sign(String subject, String type) {
        String head = encode("{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}");
        String claims = encode(("{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":[\"%s\"],\"iat\":%d,\"jti\":\"%s\","
                        + "\"rpc_creds_type\":\"%s\"}")
                .formatted(audience, subject, audience, time.now().getEpochSecond(), Uuids.random(), type));
        return head + '.' + claims + '.' + seal(head + '.' + claims);
    }

    /** The one token that a call brings. */
    static String bearer(Metadata headers) {
        Iterable<String> all = headers.getAll(AUTHORIZATION);
        Iterator<String> values = all == null ? null : all.iterator();
        String first = values == null ? null : values.next();
        if (values == null || first == null || values.hasNext()) {
            throw unauthenticated("authentication required");
        }
        if (!first.startsWith(BEARER)) {
            throw unauthenticated("expected authorization header with prefix: " + BEARER);
        }
        return first.substring(BEARER.length());
    }

    /** Whom a token names that was signed here. */
    String subject(String token) {
        Verified known = last;
        if (known != null && known.token().equals(token)) {
            return known.subject();
        }
        Verified verified = verify(token);
        last = verified;
        return verified.subject();
    }

    /** The words for a token that was signed elsewhere. */
    static Refusal unknownSigner(String token) {
        Matcher signer = KID.matcher(decode(token.split("\\.", 2)[0]));
        return unauthenticated("unauthenticated: this server did not sign this JWT with kid \""
                + (signer.find() ? signer.group(1) : "") + "\"");
    }

    private Verified verify(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw unauthenticated("unauthenticated: token contains an invalid number of segments");
        }
        Matcher signer = KID.matcher(decode(parts[0]));
        if (!signer.find()) {
            throw unauthenticated("unauthenticated: kid header not in token header");
        }
        if (!signer.group(1).equals(kid)) {
            throw unknownSigner(token);
        }
        Matcher subject = SUBJECT.matcher(decode(parts[1]));
        if (!equal(seal(parts[0] + '.' + parts[1]), parts[2]) || !subject.find()) {
            throw unauthenticated("unauthenticated: ed25519: verification error");
        }
        return new Verified(token, subject.group(1));
    }

    private String seal(String text) {
        try {
            Mac mac = Mac.getInstance(secret.getAlgorithm());
            mac.init(secret);
            byte[] sealed = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + secret.getAlgorithm(), e);
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String part) {
        try {
            return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unauthenticated("unauthenticated: illegal base64 data");
        }
    }

    /** Whether two secrets are the same, in a time that does not depend on where they differ. */
    static boolean equal(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static Refusal unauthenticated(String text) {
        return new Refusal(Status.UNAUTHENTICATED.withDescription(text));
    }
}
