package dev.fleetgateway.simulator;

import java.util.Locale;
import java.util.UUID;

/** Identifiers as the machine reads them: more forms than Java takes, and with its own words for a bad one. */
final class Uuids {

    private static final String PREFIX = "urn:uuid:";

    private Uuids() {}

    /** The lower-case form with dashes, from any form the machine accepts: plain, in braces, as URN, or without dashes. */
    static String canonical(String text) {
        String bare = switch (text.length()) {
            case 36 -> text;
            case 45 -> urn(text);
            case 38 -> text.substring(1, 37);
            case 32 -> dashed(text);
            default -> throw Refusal.of("invalid UUID length: " + text.length());
        };
        try {
            if (bare.charAt(8) == '-' && bare.charAt(13) == '-' && bare.charAt(18) == '-' && bare.charAt(23) == '-') {
                return UUID.fromString(bare).toString();
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.of("invalid UUID format");
        }
        throw Refusal.of("invalid UUID format");
    }

    static String random() {
        return UUID.randomUUID().toString();
    }

    private static String urn(String text) {
        if (!text.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
            throw Refusal.of("invalid urn prefix: \"" + text.substring(0, PREFIX.length()) + "\"");
        }
        return text.substring(PREFIX.length());
    }

    private static String dashed(String text) {
        return text.substring(0, 8)
                + '-'
                + text.substring(8, 12)
                + '-'
                + text.substring(12, 16)
                + '-'
                + text.substring(16, 20)
                + '-'
                + text.substring(20);
    }
}
