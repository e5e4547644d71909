package dev.fleetgateway.simulator;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import java.time.Duration;
import java.util.List;
import viam.app.v1.AuthHandlerConfig;
import viam.app.v1.CredentialsType;
import viam.app.v1.LocationSecret;
import viam.app.v1.RobotConfig;
import viam.app.v1.SessionsConfig;

/**
 * A machine that the simulated cloud manages: a real viam-server, which gets its configuration there.
 *
 * @param fqdn its name in the cloud, such as {@code rover.sim.viam.cloud}
 * @param secret by which it knows itself at the cloud
 * @param keys by which its callers are known, at the cloud and at the machine
 * @param bindAddress where its web port listens; empty for port 8080 of all addresses
 * @param window how long its sessions live unheard
 * @param resources what it has, as the JSON of a configuration: {@code components} and {@code services}
 */
public record ManagedMachine(
        String fqdn, String secret, List<MachineSpec.Key> keys, String bindAddress, Duration window, String resources) {

    /** Two motors, a base on both, a sensor and a camera, all of them fakes. */
    public static final String FAKES = """
            {"components": [
              {"name": "m1", "api": "rdk:component:motor", "model": "fake", "attributes": {"max_rpm": 100}},
              {"name": "m2", "api": "rdk:component:motor", "model": "fake", "attributes": {"max_rpm": 100}},
              {"name": "base1", "api": "rdk:component:base", "model": "wheeled", "depends_on": ["m1", "m2"],
               "attributes": {"width_mm": 300, "wheel_circumference_mm": 250, "left": ["m1"], "right": ["m2"]}},
              {"name": "s1", "api": "rdk:component:sensor", "model": "fake"},
              {"name": "cam1", "api": "rdk:component:camera", "model": "fake"}]}
            """;

    private static final String CLOUD = ".viam.cloud";

    /** Checks and copies. */
    public ManagedMachine {
        if (!fqdn.endsWith(CLOUD)) {
            throw new IllegalArgumentException(
                    "\"" + fqdn + "\" is no name of a machine in the cloud: use one that ends in " + CLOUD
                            + ", such as rover.sim.viam.cloud");
        }
        keys = List.copyOf(keys);
        var _ = parsed(resources);
    }

    /** A machine of that name with fakes and a window of 2 s, to which nobody has a key. */
    public static ManagedMachine named(String fqdn) {
        return new ManagedMachine(fqdn, RobotApi.id("secret " + fqdn), List.of(), "", Duration.ofSeconds(2), FAKES);
    }

    /** The same with one key. */
    public ManagedMachine withKey(String id, String key) {
        return new ManagedMachine(fqdn, secret, List.of(new MachineSpec.Key(id, key)), bindAddress, window, resources);
    }

    /** The same with its web port at that address. */
    public ManagedMachine boundTo(String address) {
        return new ManagedMachine(fqdn, secret, keys, address, window, resources);
    }

    /** The same with another session window. */
    public ManagedMachine withWindow(Duration other) {
        return new ManagedMachine(fqdn, secret, keys, bindAddress, other, resources);
    }

    /** The same with other resources. */
    public ManagedMachine withResources(String json) {
        return new ManagedMachine(fqdn, secret, keys, bindAddress, window, json);
    }

    /** Its name where there is no internet. */
    public String localFqdn() {
        return fqdn.substring(0, fqdn.length() - CLOUD.length()) + ".local" + CLOUD;
    }

    /** Its part id. */
    public String partId() {
        return RobotApi.id("part " + fqdn);
    }

    /** By which callers of its location are known. */
    public String locationSecret() {
        return RobotApi.id("location secret " + fqdn);
    }

    @Override
    public String toString() {
        return "ManagedMachine[fqdn=" + fqdn + "]";
    }

    /**
     * What it is told to be.
     *
     * @param signaling where callers are brought to it
     */
    RobotConfig configuration(String signaling) {
        RobotConfig.Builder config = parsed(resources);
        config.getCloudBuilder()
                .setId(partId())
                .setFqdn(fqdn)
                .setLocalFqdn(localFqdn())
                .setSignalingAddress(signaling)
                .addLocationSecrets(LocationSecret.newBuilder().setId("1").setSecret(locationSecret()))
                .setPrimaryOrgId(RobotApi.id("organization"))
                .setLocationId("simulated")
                .setMachineId(RobotApi.id("machine " + fqdn));
        config.getNetworkBuilder()
                .setBindAddress(bindAddress)
                .setSessions(SessionsConfig.newBuilder().setHeartbeatWindow(Durations.fromNanos(window.toNanos())));
        if (!keys.isEmpty()) {
            Struct.Builder secrets = Struct.newBuilder();
            ListValue.Builder ids = ListValue.newBuilder();
            for (MachineSpec.Key key : keys) {
                secrets.putFields(key.id(), text(key.secret()));
                ids.addValues(text(key.id()));
            }
            // A machine refuses a handler without this list, though it reads the secrets beside it.
            secrets.putFields("keys", Value.newBuilder().setListValue(ids).build());
            config.getAuthBuilder()
                    .addHandlers(AuthHandlerConfig.newBuilder()
                            .setType(CredentialsType.CREDENTIALS_TYPE_API_KEY)
                            .setConfig(secrets));
        }
        return config.build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static RobotConfig.Builder parsed(String resources) {
        RobotConfig.Builder config = RobotConfig.newBuilder();
        try {
            JsonFormat.parser().merge(resources, config);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "These resources are no configuration of a machine: " + e.getMessage(), e);
        }
        return config;
    }
}
