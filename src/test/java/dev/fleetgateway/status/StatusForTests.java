package dev.fleetgateway.status;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The whole room, for tests of rooms that use it. */
@Configuration(proxyBeanMethods = false)
@Import(StatusRoom.class)
public class StatusForTests {}
