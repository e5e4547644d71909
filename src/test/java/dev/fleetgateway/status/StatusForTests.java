package dev.fleetgateway.status;

import org.springframework.context.annotation.Import;

/** The whole room, for tests of rooms that use it. */
@Import(StatusRoom.class)
public class StatusForTests {}
