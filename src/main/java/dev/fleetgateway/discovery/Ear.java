package dev.fleetgateway.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.jmdns.ServiceInfo;
import javax.jmdns.impl.DNSCache;
import javax.jmdns.impl.DNSIncoming;
import javax.jmdns.impl.DNSOutgoing;
import javax.jmdns.impl.DNSQuestion;
import javax.jmdns.impl.DNSRecord;
import javax.jmdns.impl.JmDNSImpl;
import javax.jmdns.impl.constants.DNSConstants;
import javax.jmdns.impl.constants.DNSRecordClass;
import javax.jmdns.impl.constants.DNSRecordType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Multicast DNS at one spot, as one who only asks: it announces nothing, answers nothing, and keeps no more than it needs.
 *
 * <p>The library is used below its public face, since that tells neither of a changed port nor of an address said again, claims
 * a host name on every network, keeps all that anybody says, and says nothing when it cannot go on.
 */
final class Ear extends JmDNSImpl {

    /** What machines announce. */
    static final String TYPE = "_rpc._tcp.local.";

    private static final Logger log = LoggerFactory.getLogger(Ear.class);
    private static final String SUFFIX = "." + TYPE;

    // Withdrawn records are kept for one second more.
    private static final int WITHDRAWN = 1;

    private final Records records;
    private final Listener listener;
    private final AtomicBoolean broken;
    private volatile boolean heard;

    /** Hears what is new. Called on threads of the library, which must not wait. */
    interface Listener {

        /** Something about a name: its host, port or text. */
        void changed(String name);

        /** An address of a host, by its full name. */
        void addressed(String host);

        /** A name has been withdrawn, or has expired. */
        void gone(String name);

        /** Nothing will be heard any more. Told once. */
        void broken(Ear ear, String reason);
    }

    /**
     * Listens, and sends nothing yet.
     *
     * @throws IOException where that cannot be done, with a reason
     */
    Ear(Spot spot, Listener listener) throws IOException {
        this.listener = listener;
        this.broken = new AtomicBoolean();
        this.records = new Records();
        super(named(spot), "fleet-gateway");
        NetworkInterface at = getLocalHost().getInterface();
        if (at == null || at.getIndex() != spot.index()) {
            // The library would send by the default route, or by another interface with the same address.
            close();
            throw new IOException(at == null ? "the address is gone" : "the address is at " + at.getName() + ", too");
        }
    }

    // The library asks the resolver for the name of an address that has none.
    private static InetAddress named(Spot spot) throws IOException {
        return InetAddress.getByAddress("fleet-gateway", spot.address().getAddress());
    }

    /** Asks who is there. */
    void browse() {
        ask(List.of(TYPE), DNSRecordType.TYPE_PTR);
    }

    /** Asks for these names. */
    void ask(List<String> names) {
        ask(names.stream().map(name -> name + SUFFIX).toList(), DNSRecordType.TYPE_ANY);
    }

    private void ask(List<String> names, DNSRecordType type) {
        try {
            DNSOutgoing question = new DNSOutgoing(DNSConstants.FLAGS_QR_QUERY);
            for (String name : names) {
                question.addQuestion(DNSQuestion.newQuestion(name, type, DNSRecordClass.CLASS_IN, false));
            }
            send(question);
        } catch (IOException e) {
            broken("a question cannot be sent: " + e.getMessage());
        }
    }

    /** Whether anything, such as the own question, has been heard since this was asked last. */
    boolean hasHeard() {
        boolean so = heard;
        heard = false;
        return so;
    }

    /** Whether nothing will be heard any more. */
    boolean isBroken() {
        return broken.get();
    }

    /** The names there are records of. */
    List<String> names() {
        return Collections.list(records.keys()).stream()
                .filter(key -> key.endsWith(SUFFIX))
                .map(Ear::name)
                .toList();
    }

    /** What was said last of a name, if it has not expired by then. */
    Optional<Heard.Service> service(String name, Instant now) {
        String key = name + SUFFIX;
        DNSRecord record = newest(key, DNSRecordType.TYPE_SRV, now);
        if (record == null) {
            return Optional.empty();
        }
        ServiceInfo service = record.getServiceInfo();
        if (service.getPort() < 1
                || service.getPort() > 65_535
                || service.getServer().isEmpty()) {
            return Optional.empty();
        }
        DNSRecord text = newest(key, DNSRecordType.TYPE_TXT, now);
        return Optional.of(new Heard.Service(
                service.getServer().toLowerCase(Locale.ROOT), service.getPort(), text != null && saysWebrtc(text)));
    }

    // A text may be a key alone or have a value: "webrtc", "webrtc=".
    private static boolean saysWebrtc(DNSRecord text) {
        return Collections.list(text.getServiceInfo().getPropertyNames()).contains("webrtc");
    }

    /** The addresses of a host that have not expired by then. */
    List<Heard.Address> addresses(String host, Instant now) {
        return records.getDNSEntryList(host, DNSRecordType.TYPE_A, DNSRecordClass.CLASS_ANY).stream()
                .map(DNSRecord.class::cast)
                .filter(record -> isAlive(record, now) && record.getTTL() > WITHDRAWN)
                .flatMap(record -> Arrays.stream(record.getServiceInfo().getInet4Addresses())
                        .map(ip -> new Heard.Address(ip, Instant.ofEpochMilli(record.getCreated()))))
                .toList();
    }

    private @Nullable DNSRecord newest(String key, DNSRecordType type, Instant now) {
        return records.getDNSEntryList(key, type, DNSRecordClass.CLASS_ANY).stream()
                .map(DNSRecord.class::cast)
                .filter(record -> isAlive(record, now))
                .max(Comparator.comparingLong(DNSRecord::getCreated))
                .orElse(null);
    }

    private static boolean isAlive(DNSRecord record, Instant now) {
        return !record.isExpired(now.toEpochMilli());
    }

    private static String name(String key) {
        return key.substring(0, key.length() - SUFFIX.length());
    }

    private void broken(String reason) {
        if (!isCanceling() && !isCanceled() && broken.compareAndSet(false, true)) {
            listener.broken(this, reason);
        }
    }

    // From here on, what the library calls.

    /** The records it keeps: ours. */
    @Override
    public DNSCache getCache() {
        return records;
    }

    /** A record is new, changed or has expired; one that was only said again is not told. */
    @Override
    public void updateRecord(long now, DNSRecord record, Operation operation) {
        heard = true;
        if (records.isFull()) {
            broken("more than " + Records.MOST + " names are said");
            return;
        }
        try {
            String key = record.getKey();
            boolean gone = operation == Operation.Remove;
            switch (record.getRecordType()) {
                case TYPE_SRV, TYPE_TXT -> {
                    if (key.endsWith(SUFFIX) && !gone) {
                        listener.changed(name(key));
                    } else if (key.endsWith(SUFFIX) && record.getRecordType() == DNSRecordType.TYPE_SRV) {
                        listener.gone(name(key));
                    }
                }
                case TYPE_A -> {
                    if (!gone) {
                        listener.addressed(key);
                    }
                }
                default -> {
                    // Of no use.
                }
            }
        } catch (RuntimeException e) {
            // Anybody may say anything here, and this thread is the only one that hears.
            log.debug("A record could not be read: {}", record, e);
        }
    }

    /** Records of a type are about to expire. */
    @Override
    public void renewServiceCollector(String type) {
        if (type.equals(TYPE)) {
            browse();
        }
    }

    /** It would keep every type of service that anybody mentions. */
    @Override
    public boolean registerServiceType(String type) {
        return false;
    }

    /** Somebody asks, perhaps this one itself. */
    @Override
    public void startResponder(DNSIncoming question, InetAddress from, int port) {
        heard = true;
        // Else it would wait for more of this question for ever.
        respondToQuery(question);
    }

    /** No host name is claimed here. */
    @Override
    public void startProber() {
        // Nor is one looked out for.
    }

    /** Nothing has been announced, so nothing is withdrawn. */
    @Override
    public void startCanceler() {
        // Nor does anybody wait for it.
    }

    /** Nothing has been announced, so nothing is withdrawn. */
    @Override
    public boolean waitForCanceled(long timeout) {
        return true;
    }

    /** It would begin anew on an interface that may be gone. */
    @Override
    public void recover() {
        broken("the socket failed");
    }
}
