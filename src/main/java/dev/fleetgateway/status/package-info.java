/**
 * The one picture of every machine, kept current, and the feed of its changes.
 *
 * <p><b>Owns</b> the picture (section 2 of the contract), the judgement whether it is fresh, the look whether anything moves,
 * and the feed: an epoch, a sequence, and for each reader what changed since it last looked.
 *
 * <p><b>Does not</b> dial, send commands that could move anything, or know how a reader is reached. A reader that does not
 * read costs one cursor.
 *
 * <p><b>Threads</b>: changes come on whatever thread saw them and are folded in under one short lock per machine; one timer
 * wakes all readers together, at most ten times a second.
 */
@ApplicationModule(
        displayName = "status",
        allowedDependencies = {
            "time",
            "problem",
            "machine",
            "route",
            "connection",
            "cloudlink",
            "uplink",
            "access",
            "motion",
            "lease",
            "command"
        })
@NullMarked
package dev.fleetgateway.status;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
