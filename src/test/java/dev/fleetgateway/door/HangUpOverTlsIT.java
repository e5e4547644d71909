package dev.fleetgateway.door;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The same on connections with TLS, which has a close of its own and keeps bytes of its own. */
@Import(HangUpIT.Handlers.class)
class HangUpOverTlsIT extends HangUpIT {

    private static final X509Bundle CERTIFICATE = certificate();

    @TempDir
    private static Path directory;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void tls(DynamicPropertyRegistry settings) throws IOException {
        Path certificate = Files.writeString(directory.resolve("own.crt"), CERTIFICATE.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("own.key"), CERTIFICATE.getPrivateKeyPEM());
        settings.add("server.ssl.certificate", () -> "file:" + certificate);
        settings.add("server.ssl.certificate-private-key", () -> "file:" + key);
    }

    private static X509Bundle certificate() {
        try {
            return new CertificateBuilder()
                    .ecp256()
                    .subject("CN=127.0.0.1")
                    .addSanIpAddress("127.0.0.1")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException("No certificate for the test", e);
        }
    }

    @Override
    CallersEnd call() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, CERTIFICATE.toTrustManagerFactory().getTrustManagers(), null);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
        secure.startHandshake();
        return new CallersEnd(secure) {
            @Override
            void reset() throws IOException {
                plain.setSoLinger(true, 0);
                plain.close();
            }
        };
    }
}
