/**
 * How a link is opened by WebRTC, and gRPC over the data channel that comes of it.
 *
 * <p><b>Owns</b> what a signaling server is told and tells, the bounds that keep a failed dial from becoming a storm, and the channel by
 * which calls travel as frames of one data channel: taking turns, chunks, deadlines, cancelling, and what a machine's frames mean to
 * a caller. Stubs, interceptors and reflection work on it as on any other channel.
 *
 * <p><b>Does not</b> know the library behind a peer, find machines, or reconnect: only the open data channel is success, and its end
 * is final.
 *
 * <p><b>Threads</b>: none of its own. A call is written by whoever makes it, in turns of one thread at a time per connection; a
 * callback comes on the executor of its call, and where it has none on the thread that brought the frame, which is one for all
 * peers: it must not be blocked.
 */
@NullMarked
package dev.fleetgateway.connection.webrtc;

import org.jspecify.annotations.NullMarked;
