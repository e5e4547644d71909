package dev.fleetgateway.simulator;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
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

    /** What a server of those names shows; {@code localhost} is always another of them. */
    SslContext server(String name, String... others) {
        try {
            CertificateBuilder builder = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=" + name)
                    .addSanDnsName(name)
                    .addSanDnsName("localhost")
                    .addExtendedKeyUsageServerAuth();
            for (String other : others) {
                builder.addSanDnsName(other);
            }
            X509Bundle own = builder.buildIssuedBy(root);
            // A thousand machines start in seconds only without two defaults: reading the JDK's whole trust store,
            // although
            // nobody is asked for a certificate, and sealing a key that never leaves memory with a slow cipher.
            SslContextBuilder context = SslContextBuilder.forServer(
                            own.getKeyPair().getPrivate(), own.getCertificatePath())
                    .trustManager(root.getCertificate())
                    .keyStoreType("JKS");
            return GrpcSslContexts.configure(context).build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS is not available for " + name, e);
        } catch (Exception e) {
            throw new IllegalStateException("No certificate for " + name, e);
        }
    }
}
