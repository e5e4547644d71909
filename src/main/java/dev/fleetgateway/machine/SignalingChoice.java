package dev.fleetgateway.machine;

import dev.fleetgateway.machine.MachineSettings.TlsSettings;
import dev.fleetgateway.machine.SignalingSettings.IceServerSettings;
import dev.fleetgateway.problem.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chooses how one machine is reached by WebRTC, from what is said of it, in the defaults, and for all; the nearest counts. */
final class SignalingChoice {

    private static final String CLOUD = "app.viam.com:443";
    private static final int DEFAULT_PORT = 443;
    private static final int MOST_ICE_SERVERS = 8;

    private static final String NAMES = ".viam.cloud";
    private static final String LOCAL_NAMES = ".local.viam.cloud";

    private static final Pattern HOST = Pattern.compile("[a-z0-9._:\\[\\]-]{1,253}");
    private static final Pattern STUN = Pattern.compile("stuns?:[A-Za-z0-9._\\[\\]:-]+");
    private static final Pattern TURN = Pattern.compile("turns?:[A-Za-z0-9._\\[\\]:-]+(\\?transport=(udp|tcp))?");

    private final String key;
    private final List<Place> own = new ArrayList<>();
    private final @Nullable Place forAll;

    private record Place(String key, SignalingSettings says) {}

    /**
     * A choice.
     *
     * @param machineKey where the machine stands, such as {@code gateway.machines.rover-1}
     * @param forAll null where machines that name no signaling server have none
     */
    SignalingChoice(
            String machineKey,
            @Nullable SignalingSettings machine,
            @Nullable SignalingSettings defaults,
            @Nullable SignalingSettings forAll) {
        this.key = machineKey + ".signaling";
        if (machine != null) {
            own.add(new Place(key, machine));
        }
        if (defaults != null) {
            own.add(new Place("gateway.defaults.signaling", defaults));
            refuseHost(own.getLast());
        }
        this.forAll = forAll == null ? null : new Place("gateway.signaling", forAll);
    }

    /** Refuses what makes no sense for all machines. */
    static void check(String key, SignalingSettings settings) {
        Place place = new Place(key, settings);
        refuseHost(place);
        var _ = address(place);
        if (settings.iceServers() != null) {
            var _ = iceServers(place, settings.iceServers());
        }
    }

    private static void refuseHost(Place place) {
        if (place.says.host() != null) {
            throw new SettingsException(
                    place.key + ".host",
                    "is '" + place.says.host() + "', but no two machines wait under one name",
                    "Give it to the machine it belongs to.");
        }
    }

    /** The signaling of a machine at that address; null where it has none. */
    @Nullable
    Signaling of(Address at, Tls tls, boolean credentials) {
        Place naming = naming(at, tls);
        if (naming == null) {
            return null;
        }
        Address address = address(naming);
        Tls how = tls(naming, address);
        if (credentials && how.mode() == Tls.Mode.PLAINTEXT) {
            throw new SettingsException(
                    key + ".tls.mode",
                    "is PLAINTEXT, but the machine has credentials, and a key never travels over plaintext",
                    "Give the signaling server a certificate, or take the credentials away.");
        }
        return new Signaling(address, how, host(at, tls), iceServers());
    }

    /** Who names the server; what is said further away than that is of another server. */
    private @Nullable Place naming(Address at, Tls tls) {
        for (Place place : own) {
            if (place.says.address() != null) {
                return place;
            }
        }
        boolean asked = own.stream().anyMatch(place -> place.says.host() != null);
        return asked || isOfTheCloud(at.host(), tls.serverName()) ? forAll : null;
    }

    /** Who writes a {@code .local.viam.cloud} name does not want to leave his own networks. */
    private static boolean isOfTheCloud(String host, String serverName) {
        return !host.endsWith(LOCAL_NAMES)
                && (host.endsWith(NAMES) || (serverName.endsWith(NAMES) && !serverName.endsWith(LOCAL_NAMES)));
    }

    private static Address address(Place place) {
        String text = place.says.address() == null ? CLOUD : place.says.address();
        try {
            return Address.parse(text, DEFAULT_PORT);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    place.key + ".address", "is " + e.getMessage(), "Write it like app.viam.com:443.");
        }
    }

    private Tls tls(Place naming, Address address) {
        List<TlsSettings> said = new ArrayList<>();
        for (Place place : own) {
            if (place.says.tls() != null) {
                said.add(place.says.tls());
            }
            if (place.equals(naming)) {
                break;
            }
        }
        if (naming.equals(forAll) && naming.says.tls() != null) {
            said.add(naming.says.tls());
        }
        Tls.Mode mode = first(said, TlsSettings::mode);
        String name = first(said, TlsSettings::serverName);
        return new Tls(
                mode == null ? Tls.Mode.REQUIRED : mode,
                name == null ? address.host() : name,
                first(said, TlsSettings::bundle));
    }

    private static <T> @Nullable T first(List<TlsSettings> all, Function<TlsSettings, @Nullable T> what) {
        for (TlsSettings each : all) {
            T said = what.apply(each);
            if (said != null) {
                return said;
            }
        }
        return null;
    }

    private String host(Address at, Tls tls) {
        for (Place place : own) {
            String said = place.says.host();
            if (said != null) {
                String host = said.strip().toLowerCase(Locale.ROOT);
                if (!HOST.matcher(host).matches()) {
                    throw new SettingsException(
                            place.key + ".host",
                            "is '" + said + "', which is no name of a machine",
                            "Write it like rover.abc123.viam.cloud, or as the machine's bind address, 10.0.0.2:8080.");
                }
                return host;
            }
        }
        String name = tls.serverName().endsWith(NAMES) || !at.host().endsWith(NAMES) ? tls.serverName() : at.host();
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(LOCAL_NAMES) ? lower.substring(0, lower.length() - LOCAL_NAMES.length()) + NAMES : lower;
    }

    private List<Signaling.IceServer> iceServers() {
        List<Place> places = new ArrayList<>(own);
        if (forAll != null) {
            places.add(forAll);
        }
        for (Place place : places) {
            if (place.says.iceServers() != null) {
                return iceServers(place, place.says.iceServers());
            }
        }
        return List.of();
    }

    private static List<Signaling.IceServer> iceServers(Place place, List<IceServerSettings> settings) {
        if (settings.size() > MOST_ICE_SERVERS) {
            throw new SettingsException(
                    place.key + ".ice-servers",
                    "are %d, but at most %d are asked".formatted(settings.size(), MOST_ICE_SERVERS),
                    "Each one more makes a dial slower; two of each kind are enough.");
        }
        List<Signaling.IceServer> servers = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            servers.add(iceServer(place.key + ".ice-servers[" + i + "]", settings.get(i)));
        }
        return servers;
    }

    private static Signaling.IceServer iceServer(String key, IceServerSettings settings) {
        List<String> urls = settings.urls() == null ? List.of() : settings.urls();
        if (urls.isEmpty()) {
            throw new SettingsException(key + ".urls", "are missing", "Write them like stun:stun.example.com:3478.");
        }
        boolean turn = false;
        for (int i = 0; i < urls.size(); i++) {
            String url = urls.get(i);
            boolean relays = TURN.matcher(url).matches();
            if (!relays && !STUN.matcher(url).matches()) {
                throw new SettingsException(
                        key + ".urls[" + i + "]",
                        "is '" + url + "', which is no STUN or TURN server",
                        "Write it like stun:stun.example.com:3478 or turn:turn.example.com:3478?transport=udp.");
            }
            turn |= relays;
        }
        String username = settings.username() == null ? "" : settings.username();
        ApiKey.KeySource credential = credential(key, settings.credentialFile());
        if (turn && (username.isEmpty() || credential == null)) {
            throw new SettingsException(
                    key,
                    "is a TURN server, which asks for a username and a credential",
                    "Give both username and credential-file.");
        }
        return new Signaling.IceServer(urls, username, credential);
    }

    private static ApiKey.@Nullable KeySource credential(String key, @Nullable Path file) {
        if (file == null) {
            return null;
        }
        ApiKey.KeySource source = new KeySources.File(file);
        try {
            var _ = source.read();
        } catch (IllegalStateException e) {
            throw new SettingsException(
                    key + ".credential-file", "cannot be used: " + e.getMessage(), "Mend the file or its path.");
        }
        return source;
    }
}
