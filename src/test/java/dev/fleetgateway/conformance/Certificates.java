package dev.fleetgateway.conformance;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority made for one test. */
final class Certificates {

    private final X509Bundle root;

    Certificates(String name) {
        try {
            root = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException("No certificate authority for the tests", e);
        }
    }

    String pem() {
        return root.getCertificatePEM();
    }

    /** Writes a certificate for that host as {@code <file>.crt} and its key as {@code <file>.key}. */
    void issue(String host, Path directory, String file) {
        try {
            X509Bundle own = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=" + host)
                    .addSanDnsName(host)
                    .addExtendedKeyUsageServerAuth()
                    .buildIssuedBy(root);
            Files.writeString(directory.resolve(file + ".crt"), own.getCertificatePathPEM());
            Files.writeString(directory.resolve(file + ".key"), own.getPrivateKeyPEM());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("No certificate for " + host, e);
        }
    }
}
