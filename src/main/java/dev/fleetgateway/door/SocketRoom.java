package dev.fleetgateway.door;

import dev.fleetgateway.command.Commands;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.status.Feed;
import dev.fleetgateway.time.Time;

/** What all sockets share. */
record SocketRoom(
        SocketLimits limits,
        Time time,
        Feed feed,
        Commands commands,
        Leases leases,
        Streams streams,
        SocketMethods methods) {}
