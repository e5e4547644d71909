package dev.fleetgateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import io.grpc.Status;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTests {

    private static Problem by(Status status, boolean handed, boolean answered) {
        return Failures.of(
                "rover",
                "GoFor",
                status,
                new Failures.Fate(handed, answered, false, false, false, Duration.ofMillis(7)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INVALID_ARGUMENT    | bad                                          | request-invalid      | 400 | UNKNOWN",
                "FAILED_PRECONDITION | not homed                                    | machine-precondition | 400 | UNKNOWN",
                "UNKNOWN             | no node found with api a:b:c and name x      | resource-unknown     | 404 | REJECTED",
                "UNKNOWN             | resource x not available; reason=broken      | resource-unavailable | 503 | REJECTED",
                "UNKNOWN             | the driver says no                           | machine-error        | 502 | UNKNOWN",
                "NOT_FOUND           | nothing                                      | resource-unknown     | 404 | UNKNOWN",
                "ALREADY_EXISTS      | there                                        | machine-conflict     | 409 | UNKNOWN",
                "ABORTED             | no                                           | machine-conflict     | 409 | UNKNOWN",
                "RESOURCE_EXHAUSTED  | exceeded the shared concurrent-request limit | machine-busy         | 429 | REJECTED",
                "RESOURCE_EXHAUSTED  | grpc: received message larger than max (1)   | request-too-large    | 413 | REJECTED",
                "UNIMPLEMENTED       | Unimplemented                                | method-unimplemented | 501 | REJECTED",
                "UNAUTHENTICATED     | no token                                     | machine-auth-failed  | 502 | REJECTED",
                "PERMISSION_DENIED   | no                                           | machine-refused      | 403 | REJECTED",
                "DEADLINE_EXCEEDED   | late                                         | call-timeout         | 504 | UNKNOWN",
                "CANCELLED           | by the machine                               | machine-error        | 502 | UNKNOWN",
                "INTERNAL            | grpc: error unmarshalling request: x         | machine-error        | 502 | REJECTED",
                "UNKNOWN             | proto: cannot parse invalid wire-format data | machine-error        | 502 | REJECTED",
                "INTERNAL            | boom                                         | machine-error        | 502 | UNKNOWN",
                "OUT_OF_RANGE        | beyond the end                               | machine-error        | 502 | UNKNOWN",
                "DATA_LOSS           | gone                                         | machine-error        | 502 | UNKNOWN",
                "UNAVAILABLE         | the handler says so                          | machine-error        | 502 | UNKNOWN",
            })
    void whatTheMachineItselfAnswersIsTranslated(
            Status.Code code, String said, String problem, int http, Outcome outcome) {
        Problem told = by(code.toStatus().withDescription(said), true, true);
        assertThat(told.code().code()).isEqualTo(problem);
        assertThat(told.code().status()).isEqualTo(http);
        assertThat(told.outcome()).isEqualTo(outcome);
        assertThat(told.grpcStatus()).isEqualTo(code.name());
    }

    @Test
    void aLostConnectionLeavesTheFateUnknownOnceAnythingWasHandedOver() {
        Problem lost = by(Status.UNAVAILABLE.withDescription("io exception"), true, false);
        assertThat(lost.code().code()).isEqualTo("connection-lost");
        assertThat(lost.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(lost.retryable()).isFalse();
    }

    @Test
    void nothingWasSentWhereNothingWasHandedOver() {
        Problem gone = by(Status.UNAVAILABLE.withDescription("io exception"), false, false);
        assertThat(gone.code().code()).isEqualTo("machine-unreachable");
        assertThat(gone.outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(gone.retryable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INTERNAL | grpc: error unmarshalling request: x",
                "UNKNOWN  | proto: cannot parse invalid wire-format data",
            })
    void bytesThatSomethingBehindTheHandlerCouldNotReadMayHaveMovedSomething(Status.Code code, String said) {
        Problem told = Failures.of(
                "rover",
                "GoFor",
                code.toStatus().withDescription(said),
                new Failures.Fate(true, true, false, true, false, Duration.ZERO));
        assertThat(told.outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  | gRPC message exceeds maximum size 33554432: 40000000 | machine-error | UNKNOWN | as much as is read",
                "false | the request takes 5 bytes, and 4 is the most over a data channel; it was not sent | request-too-large | NOT_SENT | and 4 is the most",
                "false | the metadata takes 5 bytes, and 4 fit into a frame; nothing was sent | request-too-large | NOT_SENT | and 4 fit",
                "false | 250 calls are in flight on this connection, and more are not begun | machine-busy | NOT_SENT | 250 calls",
                "true  | 8 messages of the machine wait to be read; the call was cancelled | machine-error | UNKNOWN | 8 messages",
            })
    void aBoundOfOurOwnSideIsNoLostConnectionAndIsNamed(
            boolean handed, String said, String problem, Outcome outcome, String words) {
        Problem told = by(Status.RESOURCE_EXHAUSTED.withDescription(said), handed, false);
        assertThat(told.code().code()).isEqualTo(problem);
        assertThat(told.outcome()).isEqualTo(outcome);
        assertThat(told.detail()).contains(words);
    }

    @Test
    void whatGrpcSaysOfItsOwnClockIsNotPassedOn() {
        Problem told = Failures.whileAsking(
                "rover",
                "its API",
                Status.DEADLINE_EXCEEDED
                        .withDescription("CallOptions deadline exceeded after 4.999954923s.")
                        .asRuntimeException());
        assertThat(told.detail())
                .contains("DEADLINE_EXCEEDED, no answer in time")
                .doesNotContain("CallOptions");
    }

    @Test
    void anEndWithoutAStatusIsALostConnection() {
        Problem told = by(Status.UNKNOWN.withDescription("missing GRPC status in response"), true, true);
        assertThat(told.code().code()).isEqualTo("connection-lost");
        assertThat(told.outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void aMachineThatIsStillStartingHasNotLostItsResources() {
        Problem told = Failures.of(
                "rover",
                "IsMoving",
                Status.UNKNOWN.withDescription("no node found with api a:b:c and name x"),
                new Failures.Fate(true, true, false, false, true, Duration.ZERO));
        assertThat(told.code().code()).isEqualTo("machine-initializing");
        assertThat(told.retryable()).isTrue();
    }

    @Property
    void neverUnknownWhereNothingWasHandedToTheTransport(@ForAll Status.Code code, @ForAll boolean cancelled) {
        Problem told = Failures.of(
                "rover",
                "GoFor",
                code.toStatus(),
                new Failures.Fate(false, false, cancelled, false, false, Duration.ZERO));
        assertThat(told.outcome()).isEqualTo(Outcome.NOT_SENT);
    }

    @Property
    void a503SaysThatNothingWasExecuted(
            @ForAll Status.Code code, @ForAll boolean handed, @ForAll boolean answered, @ForAll boolean initializing) {
        Problem told = Failures.of(
                "rover",
                "GoFor",
                code.toStatus().withDescription("no node found with api"),
                new Failures.Fate(handed || answered, answered, false, false, initializing, Duration.ZERO));
        if (told.code().status() == 503) {
            assertThat(told.outcome()).isIn(Outcome.NOT_SENT, Outcome.REJECTED);
        }
    }
}
