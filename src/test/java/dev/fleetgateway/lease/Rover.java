package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import dev.fleetgateway.simulator.RecordedCall;
import dev.fleetgateway.simulator.SimulatedMachine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** One machine seen from both sides: what a caller asks of the gateway under one of its names, and what has come to the machine. */
final class Rover {

    static final String MOTOR = "viam.component.motor.v1.MotorService/";

    private final LeasedFleet fleet;
    private final String name;
    private final SimulatedMachine machine;

    Rover(LeasedFleet fleet, String name, SimulatedMachine machine) {
        this.fleet = fleet;
        this.name = name;
        this.machine = machine;
    }

    String name() {
        return name;
    }

    SimulatedMachine machine() {
        return machine;
    }

    LeasedFleet fleet() {
        return fleet;
    }

    void awaitReady() {
        eventually(
                name + " is ready",
                () -> picture().at("/connection/state").asString("").equals("READY")
                        && picture().at("/lifecycle/state").asString("").equals("RUNNING"));
    }

    JsonNode picture() {
        return fleet.send("GET", path(""), "").json();
    }

    /** Its states of a part, the newest first. */
    String history(String part) {
        return fleet.send("GET", path("/history?part=" + part), "").json().get("history").values().stream()
                .map(entry -> entry.get("state").asString())
                .collect(Collectors.joining(" "));
    }

    String lastStop() {
        return picture().at("/lastStop/reason").asString("");
    }

    String protection() {
        return picture().at("/lease/protection").asString("");
    }

    /** Calls; the path begins after the machine's name. */
    Answer call(String path, String json, String... headers) {
        return later(path, json, headers).join();
    }

    CompletableFuture<Answer> later(String path, String json, String... headers) {
        return fleet.sendAsync("POST", path(path), json, headers);
    }

    /** Gives a motor power for good. */
    Answer power(String motor, String... headers) {
        return laterPower(motor, headers).join();
    }

    CompletableFuture<Answer> laterPower(String motor, String... headers) {
        return later("/components/motor/" + motor + "/SetPower", "{\"powerPct\": 0.5}", headers);
    }

    /** A motion of a minute. */
    CompletableFuture<Answer> laterGoFor(String motor, String... headers) {
        return later("/components/motor/" + motor + "/GoFor", "{\"rpm\": 10, \"revolutions\": 10}", headers);
    }

    Answer stop(String... headers) {
        return call("/stop", "", headers);
    }

    Answer askForLease(Duration window) {
        return call("/lease", "{\"windowMillis\": %d, \"reason\": \"test\"}".formatted(window.toMillis()));
    }

    /** A lease of two seconds whose holder is present until he is told to be silent. */
    Holder acquire() {
        return acquire(Duration.ofSeconds(2));
    }

    Holder acquire(Duration window) {
        Answer answer = askForLease(window);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return new Holder(this, answer.member("id"), window);
    }

    boolean moves(String resource) {
        return machine.isMoving(resource);
    }

    boolean stands() {
        return !moves("m1") && !moves("m2") && !moves("arm1") && !moves("base1");
    }

    /** What came to the machine of one method, refused calls too. */
    List<RecordedCall> came(String method) {
        return machine.calls().stream()
                .filter(call -> call.method().equals(method))
                .toList();
    }

    /** What of it was carried out. */
    List<RecordedCall> executed(String method) {
        return came(method).stream().filter(call -> call.executed().isPresent()).toList();
    }

    String path(String rest) {
        return "/api/v1/machines/" + name + rest;
    }
}
