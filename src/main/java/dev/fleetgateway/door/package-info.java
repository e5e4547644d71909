/**
 * REST, WebSocket and the web page: translate, decide nothing.
 *
 * <p><b>Owns</b> paths, headers, JSON shapes, frames, close codes, and how a problem is written; the calling path is a plain
 * request handler, the rest Spring MVC.
 *
 * <p><b>Does not</b> know what a method does, when a machine is there, or who may call: it asks the rooms that do.
 *
 * <p><b>Threads</b>: a request has a virtual thread of its own, which may wait. A reader of the feed has one more that writes;
 * it holds at most one frame.
 */
@ApplicationModule(
        displayName = "door",
        allowedDependencies = {
            "time",
            "problem",
            "machine",
            "route",
            "connection",
            "cloudlink",
            "uplink",
            "motion",
            "lease",
            "command",
            "status",
            "history",
            "discovery",
            "access",
            "simulator"
        })
@NullMarked
package dev.fleetgateway.door;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
