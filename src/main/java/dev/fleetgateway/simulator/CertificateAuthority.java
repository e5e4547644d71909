package dev.fleetgateway.simulator;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Signs the certificates of one fleet. Made afresh at each start, so that no key is ever stored. */
final class CertificateAuthority {

    private final X509Bundle root;

    CertificateAuthority(String name) {
        try {
            this.root = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException("No certificate authority for the simulated fleet", e);
        }
    }

    /** The authority's own certificate, for those who are to trust it. */
    String pem() {
        return root.getCertificatePEM();
    }

    /**
     * A certificate for a server, with its key.
     *
     * @param name its first name
     * @param others its other names
     * @param addresses where it can be reached without a name
     */
    X509Bundle issue(String name, Set<String> others, Set<String> addresses) {
        CertificateBuilder builder = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .addSanDnsName(name)
                .addExtendedKeyUsageServerAuth();
        others.forEach(builder::addSanDnsName);
        addresses.forEach(builder::addSanIpAddress);
        try {
            return builder.buildIssuedBy(root);
        } catch (Exception e) {
            throw new IllegalStateException("No certificate for " + name, e);
        }
    }

    /** What a server of those names shows; {@code localhost} is always another of them. */
    SslContext server(String name, String... others) {
        Set<String> all = new LinkedHashSet<>(List.of(others));
        all.add("localhost");
        return server(issue(name, all, Set.of()));
    }

    /** What a server with that certificate shows. */
    SslContext server(X509Bundle own) {
        try {
            // A thousand machines start in seconds only without two defaults: reading the JDK's whole trust store,
            // although
            // nobody is asked for a certificate, and sealing a key that never leaves memory with a slow cipher.
            SslContextBuilder context = SslContextBuilder.forServer(
                            own.getKeyPair().getPrivate(), own.getCertificatePath())
                    .trustManager(root.getCertificate())
                    .keyStoreType("JKS");
            return GrpcSslContexts.configure(context).build();
        } catch (SSLException e) {
            throw new IllegalStateException(
                    "TLS is not available for " + own.getCertificate().getSubjectX500Principal(), e);
        }
    }
}
