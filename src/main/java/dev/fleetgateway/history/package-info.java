/**
 * What became of every machine: the changes of its connection, route, sync, lease and lifecycle, each with since, until and why.
 *
 * <p><b>Owns</b> the entries, in memory and where a database is set also there, their bounds by age and, for each part on its own, by
 * count, and the word on whether they are kept. An entry that is still open when the gateway ends holds, for a later reader, until the last moment at
 * which the gateway is known to have watched, and no longer: nothing is said of the time in between.
 *
 * <p><b>Does not</b> judge a machine (it writes down what its picture says), and never waits for the database where anybody else
 * waits: not at the start, not for a command, not for a picture.
 *
 * <p><b>Threads</b>: changes come on whatever thread saw them and are put into memory and a bounded backlog under short locks.
 * One thread writes the backlog to the database and takes out what is too much there; one more reads from it, and whoever asks waits
 * for that one two seconds at most.
 */
@ApplicationModule(
        displayName = "history",
        allowedDependencies = {"time", "problem", "route", "connection", "cloudlink", "status"})
@NullMarked
package dev.fleetgateway.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
