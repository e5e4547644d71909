/**
 * How a link is opened by WebRTC: what a signaling server is told and tells, gRPC over the data channel that comes of it, and the
 * bounds that keep a failed dial from becoming a storm.
 *
 * <p>Only the open data channel is success, and its end is final: nothing here reconnects.
 */
@NullMarked
package dev.fleetgateway.connection.webrtc;

import org.jspecify.annotations.NullMarked;
