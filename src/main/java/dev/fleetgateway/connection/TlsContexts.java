package dev.fleetgateway.connection;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * One TLS context per SSL bundle, shared by all connections that trust it, and made anew when Spring reloads the bundle. Bounded by
 * the number of bundles in the settings.
 */
@Component
public final class TlsContexts {

    private static final String SYSTEM = "";

    private final SslBundles bundles;
    private final Map<String, SslContext> contexts = new ConcurrentHashMap<>();

    /** Makes none yet. */
    public TlsContexts(SslBundles bundles) {
        this.bundles = bundles;
    }

    /**
     * The context that trusts that bundle, or the system's authorities where none is named.
     *
     * @throws org.springframework.boot.ssl.NoSuchSslBundleException where there is none of that name
     */
    public SslContext context(@Nullable String bundle) {
        return contexts.computeIfAbsent(bundle == null ? SYSTEM : bundle, this::make);
    }

    private SslContext make(String bundle) {
        try {
            SslContextBuilder builder = GrpcSslContexts.forClient();
            if (!bundle.equals(SYSTEM)) {
                builder.trustManager(bundles.getBundle(bundle).getManagers().getTrustManagerFactory());
                bundles.addBundleUpdateHandler(bundle, _ -> contexts.remove(bundle));
            }
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException(
                    "TLS cannot be set up" + (bundle.isEmpty() ? "" : " with bundle " + bundle), e);
        }
    }
}
