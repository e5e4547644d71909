/**
 * Presence on a machine: start, beat, expiry.
 *
 * <p>A machine stops what a session moved when it has not heard of that session for one window. So a session is beaten only while
 * somebody is present, and it is never simply replaced: protection at the machine is per resource and last caller wins, so a
 * session that was left to die would, when it dies, stop a wheel that a newer session drives. One machine therefore has one session
 * of the gateway at a time. Inside its window the next lease goes on with it; where that cannot be, the next one is started only
 * when the old one is dead for certain: a window and 100 ms after the machine can last have heard of it.
 *
 * <p><b>Owns</b> the state of a session (a sealed type with one pure transition), its beats, and the reckoning of when it is dead.
 *
 * <p><b>Does not</b> know who is present: it is told until when somebody is, and stops beating by itself at that moment. It stops
 * no motion and sends no command.
 *
 * <p><b>Threads</b>: beats are asynchronous on the timer, none waits; a session has no thread. Its owner is told of a loss on
 * whatever thread saw it, outside any lock.
 */
@ApplicationModule(
        displayName = "session",
        allowedDependencies = {"time", "problem", "machine", "route", "connection"})
@NullMarked
package dev.fleetgateway.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
