/**
 * How a link is opened over HTTP/2: TCP, TLS, the machine's credentials, and the cause when it fails, told apart.
 *
 * <p>A channel here connects once. It is never reconnected behind anybody's back, so a call can only start on a connection
 * that is known to be there.
 */
@NullMarked
package dev.fleetgateway.connection.direct;

import org.jspecify.annotations.NullMarked;
