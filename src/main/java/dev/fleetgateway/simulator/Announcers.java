package dev.fleetgateway.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.jmdns.ServiceInfo;
import javax.jmdns.impl.DNSOutgoing;
import javax.jmdns.impl.DNSRecord;
import javax.jmdns.impl.JmDNSImpl;
import javax.jmdns.impl.ServiceInfoImpl;
import javax.jmdns.impl.constants.DNSConstants;
import javax.jmdns.impl.constants.DNSRecordClass;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces machines by mDNS, with one responder an address for the whole fleet. Where an address has no multicast, machines are not
 * found there, and a line in the log says so.
 */
final class Announcers {

    static final String TYPE = "_rpc._tcp.local.";

    private static final Logger log = LoggerFactory.getLogger(Announcers.class);
    private static final Executor ASIDE = Thread::startVirtualThread;
    private static final String HOST = "fleet-simulator";

    // As many as there are addresses to announce from.
    private final Map<String, CompletableFuture<JmDNSImpl>> responders = new ConcurrentHashMap<>();

    /**
     * Announces a machine, soon: nobody waits until it is heard.
     *
     * @param address where it listens, and from where it is announced
     * @param names under which it is to be found
     */
    Announcement announce(String address, int port, List<String> names, boolean webRtc) {
        List<ServiceInfoImpl> services = new ArrayList<>();
        for (String name : names) {
            services.add((ServiceInfoImpl) ServiceInfo.create(TYPE, name, "", port, 0, 0, true, text(webRtc)));
        }
        CompletableFuture<JmDNSImpl> responder = responders.computeIfAbsent(address, Announcers::responder);
        return new Announcement(responder, services);
    }

    /** Says goodbye for all. Does not wait, since that takes seconds. */
    void close() {
        for (CompletableFuture<JmDNSImpl> responder : responders.values()) {
            var _ = responder.thenAcceptAsync(JmDNSImpl::close, ASIDE);
        }
        responders.clear();
    }

    /** One machine as it is announced from one address. Used by one thread at a time. */
    static final class Announcement {

        private final List<ServiceInfoImpl> services;
        private CompletableFuture<JmDNSImpl> last;

        private Announcement(CompletableFuture<JmDNSImpl> responder, List<ServiceInfoImpl> services) {
            this.services = services;
            this.last = responder;
            then(jmdns -> {
                for (ServiceInfoImpl service : services) {
                    // What was announced under this name before must not be taken for somebody else's.
                    forget(jmdns, service);
                    jmdns.registerService(service);
                }
            });
        }

        /** Says goodbye, as a machine that stops. */
        void goodbye() {
            then(jmdns -> {
                DNSOutgoing goodbye = new DNSOutgoing(DNSConstants.FLAGS_QR_RESPONSE | DNSConstants.FLAGS_AA);
                for (ServiceInfoImpl service : services) {
                    forget(jmdns, service);
                    for (DNSRecord record :
                            service.answers(DNSRecordClass.CLASS_ANY, DNSRecordClass.UNIQUE, 0, jmdns.getLocalHost())) {
                        goodbye.addAnswer(record, 0);
                    }
                }
                jmdns.send(goodbye);
            });
        }

        /** Says nothing any more, as a machine that is killed or cut off. */
        void silence() {
            then(jmdns -> services.forEach(service -> forget(jmdns, service)));
        }

        private static void forget(JmDNSImpl jmdns, ServiceInfoImpl service) {
            jmdns.getServices().remove(service.getKey());
            jmdns.getCache().remove(service.getKey());
        }

        private void then(Step step) {
            Consumer<JmDNSImpl> guarded = jmdns -> {
                try {
                    step.by(jmdns);
                } catch (IOException | IllegalStateException e) {
                    log.warn("A simulated machine is not announced as it should be: {}", e.getMessage());
                }
            };
            last = last.thenApplyAsync(
                    jmdns -> {
                        guarded.accept(jmdns);
                        return jmdns;
                    },
                    ASIDE);
        }
    }

    @FunctionalInterface
    private interface Step {
        void by(JmDNSImpl jmdns) throws IOException;
    }

    // Strings without a value, as a real machine has them.
    private static byte[] text(boolean webRtc) {
        String text = "\4grpc" + (webRtc ? "\6webrtc" : "");
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static CompletableFuture<JmDNSImpl> responder(String address) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new JmDNSImpl(InetAddress.ofLiteral(address), HOST);
                    } catch (IOException e) {
                        log.warn("No simulated machine is announced at {}: {}", address, e.getMessage());
                        throw new IllegalStateException(e);
                    }
                },
                ASIDE);
    }
}
