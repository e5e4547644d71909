package dev.fleetgateway.discovery;

import java.io.Serial;
import javax.jmdns.impl.DNSCache;
import javax.jmdns.impl.DNSEntry;
import javax.jmdns.impl.constants.DNSRecordClass;

/** The records kept of what is said on a network: only those that lead to machines, and so many. */
final class Records extends DNSCache {

    /** Names of services and hosts; there are as many hosts as machines or more. */
    static final int MOST = 40_000;

    private static final int MOST_PER_NAME = 32;

    @Serial
    private static final long serialVersionUID = 1L;

    private volatile boolean full;

    @Override
    public boolean addDNSEntry(DNSEntry entry) {
        if (!isOfUse(entry)
                || getDNSEntryList(entry.getKey(), entry.getRecordType(), DNSRecordClass.CLASS_ANY)
                                .size()
                        >= MOST_PER_NAME) {
            return false;
        }
        if (size() >= MOST) {
            full = true;
            return false;
        }
        return super.addDNSEntry(entry);
    }

    /** Whether there was more than can be kept. */
    boolean isFull() {
        return full;
    }

    private static boolean isOfUse(DNSEntry entry) {
        return switch (entry.getRecordType()) {
            case TYPE_SRV, TYPE_TXT -> entry.getKey().endsWith("." + Ear.TYPE);
            case TYPE_A -> true;
            default -> false;
        };
    }
}
