package dev.fleetgateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.fleetgateway.Chart.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.yaml.snakeyaml.Yaml;

/** What the chart renders, and that the gateway and the image mean the same by it. */
class ChartTests {

    private static final String VALUES = """
            gateway:
              machines:
                rover-1:
                  address: rover.lab.example:8080
                  labels: {site: lab}
                  credentials:
                    id: 8f0c1d2e-0000-4000-8000-000000000001
                    key: ${ROVER_KEY}
                  tls: {server-name: rover.abc123.viam.cloud, bundle: lab-ca}
              route:
                lan-networks: [10.0.0.0/24]
            config:
              logging: {level: {dev.fleetgateway: debug}}
            secretEnv:
              ROVER_KEY: {secret: fleet-keys, key: rover-1}
            secretFiles: [more-keys]
            bundles:
              lab-ca: {secret: lab-ca, truststore: ca.crt}
            """;

    private static final String EVERYTHING = VALUES + """
            hostNetwork: true
            jvmOptions: -Xlog:gc
            env: [{name: TZ, value: UTC}]
            image: {tag: "1", pullSecrets: [{name: registry}]}
            service: {targetPort: proxy, annotations: {a: b}}
            sidecars: [{name: proxy, image: "proxy:1", ports: [{name: proxy, containerPort: 8443}]}]
            persistence: {enabled: true, storageClass: fast}
            podMonitor: {enabled: true, labels: {release: prometheus}}
            prometheusRule: {enabled: true, labels: {release: prometheus}}
            networkPolicy: {enabled: true, from: [{namespaceSelector: {}}], watchFrom: [{podSelector: {}}]}
            nodeSelector: {kubernetes.io/arch: amd64}
            tolerations: [{operator: Exists}]
            affinity: {nodeAffinity: {}}
            priorityClassName: high
            podAnnotations: {a: b}
            podLabels: {c: d}
            serviceAccount: {annotations: {a: b}}
            """;

    @Test
    void helmFindsNoFaultInIt() {
        LintResult result = new Helm(Chart.FOLDER).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void withDefaultsThereIsOneGatewayWithoutMachinesThatOnlyItsPodCanReach() {
        Chart chart = Chart.rendered();

        assertThat(chart.objects()).containsOnlyKeys("ServiceAccount", "ConfigMap", "Service", "Deployment");
        assertThat(chart.object("Deployment").at("spec", "strategy", "type").text())
                .isEqualTo("Recreate");
        assertThat(chart.container()
                        .at("env")
                        .named("SERVER_ADDRESS")
                        .at("value")
                        .text())
                .isEqualTo("127.0.0.1");
        assertThat(chart.object("Service").at("spec", "ports").list())
                .extracting(port -> port.at("name").text())
                .containsExactly("watch");
        assertThat(bound(chart).machines()).isEmpty();
    }

    @Test
    void theGatewayReadsItsMachinesFromTheSettings() throws IOException {
        GatewayProperties properties = bound(Chart.rendered(VALUES));

        var rover = requireNonNull(properties.machines().get("rover-1"));
        assertThat(rover.address()).isEqualTo("rover.lab.example:8080");
        assertThat(requireNonNull(rover.credentials()).key()).isEqualTo("the key of rover-1");
        assertThat(properties.route().lanNetworks()).containsExactly("10.0.0.0/24");
    }

    @Test
    void theValuesThatTheReadmeShowsAreRenderedAndRead() throws IOException {
        Matcher example = Pattern.compile("<!-- example: values -->\\s+```yaml\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Chart.FOLDER.resolve("README.md")));
        assertThat(example.find()).isTrue();
        Chart chart = Chart.rendered(example.group(1));

        var rover = requireNonNull(bound(chart).machines().get("rover-1"));
        String keyFile =
                requireNonNull(requireNonNull(rover.credentials()).keyFile()).toString();
        assertThat(keyFile)
                .startsWith(chart.container()
                                .at("volumeMounts")
                                .named("secret-fleet-keys")
                                .at("mountPath")
                                .text()
                        + "/");
        assertThat(chart.object("Deployment").at("metadata", "name").text()).isEqualTo("fleet-fleet-gateway");
    }

    @Test
    void everyAlertIsInTheReadmesTable() throws IOException {
        String readme = Files.readString(Chart.FOLDER.resolve("README.md"));
        assertThat(Chart.rendered("prometheusRule: {enabled: true}")
                        .object("PrometheusRule")
                        .at("spec", "groups", 0, "rules")
                        .list())
                .allSatisfy(rule ->
                        assertThat(readme).contains("| `" + rule.at("alert").text() + "` |"));
    }

    @Test
    void aMisspeltKeyIsRefusedByTheGatewayThatReadsIt() throws IOException {
        Chart chart = Chart.rendered("gateway: {machnes: {}, rout: {head-start: 1s}}");
        assertThatThrownBy(() -> bound(chart)).rootCause().hasMessageContaining("rout.head-start");
    }

    @Test
    void aBundleIsReadFromWhereItsSecretIsMounted() throws IOException {
        Chart chart = Chart.rendered(VALUES);

        SslProperties ssl = binder(chart)
                .bind(
                        "spring.ssl",
                        Bindable.of(SslProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                .get();
        String certificate = requireNonNull(ssl.getBundle().getPem().get("lab-ca"))
                .getTruststore()
                .getCertificate();
        Node mount = chart.container().at("volumeMounts").named("bundle-lab-ca");
        assertThat(certificate).isEqualTo("file:" + mount.at("mountPath").text() + "/ca.crt");
        assertThat(chart.pod()
                        .at("volumes")
                        .named("bundle-lab-ca")
                        .at("secret", "secretName")
                        .text())
                .isEqualTo("lab-ca");
    }

    @Test
    void aSecretIsOnlyReferredTo() throws IOException {
        Chart chart = Chart.rendered(VALUES);

        Node key = chart.container().at("env").named("ROVER_KEY");
        assertThat(key.at("valueFrom", "secretKeyRef").value())
                .isEqualTo(Map.of("name", "fleet-keys", "key", "rover-1"));
        assertThat(key.has("value")).isFalse();
        assertThat(chart.objects()).doesNotContainKey("Secret");
        assertThat(chart.settings()).contains("key: ${ROVER_KEY}");
        assertThat(chart.container()
                        .at("volumeMounts")
                        .named("secret-more-keys")
                        .at("mountPath")
                        .text())
                .isEqualTo("/etc/fleet-gateway/secrets/more-keys");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway: {machines: {r: {address: a, credentials: {id: i, key: s3cr3t-in-clear}}}}",
                "gateway: {defaults: {credentials: {id: i, key: s3cr3t-in-clear}}}",
                "gateway: {machines: {r: {address: a, credentials: {id: i, key: \"${KEY:s3cr3t-in-clear}\"}}}}",
                "gateway: {cloud: {credentials: {id: i, key: s3cr3t-in-clear}}}",
                "config: {spring: {datasource: {url: \"jdbc:postgresql://db/fleet\", password: s3cr3t-in-clear}}}",
                "config: {spring: {datasource: {url: \"jdbc:postgresql://db/fleet?user=u&password=s3cr3t-in-clear\"}}}",
                "config: {spring: {datasource: {url: \"jdbc:postgresql://u:s3cr3t-in-clear@db/fleet\"}}}"
            })
    void aSecretWrittenIntoTheValuesIsRefusedAndNotRepeated(String values) {
        assertThatThrownBy(() -> Chart.rendered(values))
                .hasMessageContaining("which secretEnv takes from a secret")
                .hasMessageNotContaining("s3cr3t-in-clear");
    }

    @Test
    void aMisspeltValueIsNamed() {
        assertThatThrownBy(() -> Chart.rendered("hostNetwrok: true")).hasMessageContaining("hostNetwrok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7"})
    void anOpenDoorStaysOnLoopback(String address) {
        assertThatThrownBy(() -> Chart.rendered("door: {address: \"" + address + "\"}"))
                .hasMessageContaining("door.address is " + address)
                .hasMessageContaining("access.mode is OPEN");
    }

    @Test
    void aDoorWithKeysIsInTheServiceOnceItListensThere() throws IOException {
        Chart chart = Chart.rendered("{door: {address: 0.0.0.0}, gateway: {access: {mode: KEYS}}}");
        assertThat(chart.object("Service")
                        .at("spec", "ports")
                        .named("door")
                        .at("targetPort")
                        .text())
                .isEqualTo("door");
    }

    @Test
    void aProxyInThePodIsWhatTheServiceReaches() throws IOException {
        Chart chart = Chart.rendered(EVERYTHING);
        assertThat(chart.object("Service")
                        .at("spec", "ports")
                        .named("door")
                        .at("targetPort")
                        .text())
                .isEqualTo("proxy");
        assertThat(chart.pod().at("containers").list()).hasSize(2);
    }

    @Test
    void changedSettingsAreReadByANewPod() throws IOException {
        assertThat(checksum(Chart.rendered(VALUES))).isNotEqualTo(checksum(Chart.rendered()));
        assertThat(checksum(Chart.rendered(EVERYTHING))).isEqualTo(checksum(Chart.rendered(VALUES)));
    }

    @Test
    void theContainerCanDoNothingButItsWork() {
        Chart chart = Chart.rendered();
        assertThat(chart.container().at("securityContext").value())
                .isEqualTo(Map.of(
                        "allowPrivilegeEscalation",
                        false,
                        "readOnlyRootFilesystem",
                        true,
                        "capabilities",
                        Map.of("drop", List.of("ALL"))));
        assertThat(chart.pod().at("securityContext", "runAsNonRoot").value()).isEqualTo(true);
        assertThat(chart.pod().at("automountServiceAccountToken").value()).isEqualTo(false);
        assertThat(chart.container().at("resources", "limits", "memory").text()).isEqualTo("1536Mi");
    }

    @Test
    void theImageIsMadeForTheChart() throws IOException {
        Dockerfile image = Dockerfile.read();
        Chart chart = Chart.rendered();
        Node container = chart.container();

        assertThat(image.only("USER"))
                .isEqualTo(chart.pod().at("securityContext", "runAsUser").text() + ":"
                        + chart.pod().at("securityContext", "runAsGroup").text());
        assertThat(image.only("EXPOSE").split(" "))
                .containsExactly(
                        container.at("ports").named("door").at("containerPort").text(),
                        container.at("ports").named("watch").at("containerPort").text());
        assertThat(image.environment())
                .containsEntry(
                        "MANAGEMENT_SERVER_ADDRESS",
                        container
                                .at("env")
                                .named("MANAGEMENT_SERVER_ADDRESS")
                                .at("value")
                                .text())
                .containsEntry(
                        "MANAGEMENT_SERVER_PORT",
                        container.at("ports").named("watch").at("containerPort").text())
                .containsEntry(
                        "SPRING_CONFIG_ADDITIONAL_LOCATION",
                        "optional:file:"
                                + container
                                        .at("volumeMounts")
                                        .named("settings")
                                        .at("mountPath")
                                        .text() + "/");
        assertThat(image.environment().get("XDG_STATE_HOME") + "/fleet-gateway")
                .isEqualTo(container
                        .at("volumeMounts")
                        .named("state")
                        .at("mountPath")
                        .text());
        assertThat(container.at("image").text()).isEqualTo("fleet-gateway:" + version());
    }

    @Test
    void theImageHasTheLibrariesThatTheReadmeNames() throws IOException {
        Matcher named =
                Pattern.compile("`apt-get install (libpulse0 [^`]*)`").matcher(Files.readString(Path.of("README.md")));
        assertThat(named.find()).isTrue();
        assertThat(Dockerfile.read().only("RUN").split("\\s+"))
                .contains(named.group(1).split(" "));
    }

    @Test
    void whatIsRenderedIsValidByKubernetesOwnSchemas(@TempDir Path folder) throws Exception {
        Needs.program("python3", "python3");
        Needs.that(
                run(folder, "python3", "-c", "import kubernetes_validate").isEmpty(),
                "python3 has no kubernetes_validate: pip install kubernetes-validate");
        for (Chart chart : List.of(Chart.rendered(), Chart.rendered(VALUES), Chart.rendered(EVERYTHING))) {
            List<String> files = new ArrayList<>();
            for (var object : chart.objects().entrySet()) {
                // Those of the Prometheus operator are not Kubernetes' own.
                if (!object.getValue().at("apiVersion").text().startsWith("monitoring.coreos.com/")) {
                    Path file = folder.resolve(object.getKey() + ".yaml");
                    Files.writeString(file, new Yaml().dump(object.getValue().value()));
                    files.add(file.toString());
                }
            }
            // The oldest that the chart says it is for, and the newest there is.
            for (List<String> version : List.of(List.of("-k", "1.25"), List.<String>of())) {
                List<String> command =
                        new ArrayList<>(List.of("python3", "-m", "kubernetes_validate", "--strict", "--quiet"));
                command.addAll(version);
                command.addAll(files);
                assertThat(run(folder, command.toArray(String[]::new))).isEmpty();
            }
        }
    }

    @Test
    void theAlertsAreThoseOfTheRuleFileButForTheOnesLeftOut() throws IOException {
        Object groups = requireNonNull(new Yaml()
                .<Map<String, Object>>load(Files.readString(Chart.FOLDER.resolve("rules/fleet-gateway.yaml")))
                .get("groups"));
        assertThat(Chart.rendered("prometheusRule: {enabled: true}")
                        .object("PrometheusRule")
                        .at("spec", "groups")
                        .value())
                .isEqualTo(groups);
        assertThat(Chart.rendered("prometheusRule: {enabled: true, except: [GatewayRouteUnpreferred]}")
                        .object("PrometheusRule")
                        .at("spec", "groups", 0, "rules")
                        .list())
                .hasSize(new Node(groups).at(0, "rules").list().size() - 1)
                .noneMatch(rule -> rule.at("alert").text().equals("GatewayRouteUnpreferred"));
    }

    private static String version() throws IOException {
        Matcher matcher = Pattern.compile("<artifactId>fleet-gateway</artifactId>\\s*<version>([0-9.]+)")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String checksum(Chart chart) {
        return chart.object("Deployment")
                .at("spec", "template", "metadata", "annotations", "checksum/settings")
                .text();
    }

    private static GatewayProperties bound(Chart chart) {
        return binder(chart)
                .bindOrCreate(
                        "gateway",
                        Bindable.of(GatewayProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    }

    private static Binder binder(Chart chart) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("secrets", Map.of("ROVER_KEY", "the key of rover-1")));
        try {
            new YamlPropertySourceLoader()
                    .load("settings", new ByteArrayResource(chart.settings().getBytes(StandardCharsets.UTF_8)))
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Binder.get(environment);
    }

    /** What a program that ended badly has said; nothing, if it ended well. */
    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String said = Files.readString(output);
        return code == 0 ? "" : said.isEmpty() ? "exit code " + code : said;
    }
}
