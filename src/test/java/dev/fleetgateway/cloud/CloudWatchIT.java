package dev.fleetgateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.machine.MachineSettings.CredentialSettings;
import dev.fleetgateway.simulator.CloudSpec;
import dev.fleetgateway.simulator.ManagedMachine;
import dev.fleetgateway.simulator.SimulatedCloud;
import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Over a real connection to a small cloud. */
class CloudWatchIT {

    private static final ManagedMachine MANAGED =
            ManagedMachine.named("rover.sim.viam.cloud").withResources("""
            {"services": [{"name": "dm", "api": "rdk:service:data_manager", "attributes": {"sync_disabled": true}}]}
            """);

    private final FakeTime time = new FakeTime();
    private final SimulatedCloud cloud = SimulatedCloud.start(
            time, CloudSpec.onLoopback().withKey("key-1", "secret").managing(MANAGED));
    private final List<String> told = new CopyOnWriteArrayList<>();
    private CloudWatch watch = watch("secret", null);

    private CloudWatch watch(String secret, @Nullable String organization) {
        SslBundle trust = SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(cloud.caPem())));
        CloudSettings settings = new CloudSettings(
                cloud.address(),
                organization,
                new CredentialSettings("key-1", secret, null),
                Duration.ofMinutes(5),
                new CloudSettings.TlsSettings(null, "lab"));
        CloudWatch made = new CloudWatch(settings, new TlsContexts(new DefaultSslBundleRegistry("lab", trust)), time);
        made.want(() -> Set.of(MANAGED.partId()));
        made.listen(told::addAll);
        return made;
    }

    @AfterEach
    void nothingIsLeft() {
        watch.stop();
        cloud.close();
    }

    private CloudView view() {
        return watch.view(MANAGED.partId()).orElseThrow();
    }

    private void isAsked() {
        watch.start();
        await().until(() ->
                watch.view(MANAGED.partId()).map(view -> view.sync() != null).orElse(false));
    }

    @Test
    void whatTheCloudSeesOfAPartIsKnown() {
        isAsked();
        assertThat(view().online()).isEqualTo(CloudView.Online.OFFLINE);
        assertThat(view().sync()).isEqualTo(new CloudView.SyncSwitch(false, time.now()));
        assertThat(told).contains(MANAGED.partId());
        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void aViewThatIsTooOldIsNone() {
        isAsked();
        cloud.hang();
        time.advance(Duration.ofSeconds(89));
        assertThat(watch.view(MANAGED.partId())).isPresent();
        time.advance(Duration.ofSeconds(2));
        assertThat(watch.view(MANAGED.partId())).isEmpty();
    }

    @Test
    void whoeverRestsOnAViewIsToldWhenItIsTooOld() {
        isAsked();
        List<String> without = new CopyOnWriteArrayList<>();
        watch.listen(parts ->
                parts.stream().filter(part -> watch.view(part).isEmpty()).forEach(without::add));
        cloud.refuse();
        await().until(() -> {
            time.advance(CloudWatch.EVERY);
            return without.contains(MANAGED.partId());
        });
    }

    @Test
    void aWrongKeyIsToldOfAndAskedWithAgain() {
        watch.stop();
        watch = watch("wrong", null);
        watch.start();
        await().until(() -> watch.trouble().contains("UNAUTHENTICATED"));
        assertThat(watch.trouble()).startsWith("the Viam cloud at " + cloud.address() + " does not tell what it sees");
        assertThat(time.pendingTimers()).isNotEmpty();
    }

    @Test
    void anotherOrganizationIsNotSeen() {
        watch.stop();
        watch = watch("secret", "another");
        watch.start();
        await().until(() -> watch.trouble().contains("PERMISSION_DENIED"));
    }

    @Test
    void partsThatNobodyWantsAreForgotten() {
        isAsked();
        watch.want(Set::of);
        await().until(() -> {
            time.advance(CloudWatch.EVERY);
            return watch.view(MANAGED.partId()).isEmpty();
        });
    }

    @Test
    void withoutCredentialsNobodyIsAsked() {
        CloudWatch quiet = new CloudWatch(
                new CloudSettings(cloud.address(), null, null, Duration.ofMinutes(5), null),
                new TlsContexts(new DefaultSslBundleRegistry()),
                time);
        quiet.start();
        assertThat(time.pendingTimers()).isEmpty();
        quiet.stop();
    }
}
