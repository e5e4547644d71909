/**
 * What a caller of the gateway gets is what the machine says. The same sentences are tried on a simulated machine and, where
 * the environment variable {@code VIAM_SERVER} names the program, on a real viam-server.
 */
package dev.fleetgateway.conformance;
