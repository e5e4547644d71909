package dev.fleetgateway.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.door.RawHttp.Reply;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class ProblemsIT {

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\n\n",
                "G@T / HTTP/1.1\nHost: localhost\n\n",
                "GET /a b HTTP/1.1\nHost: localhost\n\n",
                "GET /a|b HTTP/1.1\nHost: localhost\n\n",
                "GET /<script> HTTP/1.1\nHost: localhost\n\n",
                "GET /a\\b HTTP/1.1\nHost: localhost\n\n",
                "GET /% HTTP/1.1\nHost: localhost\n\n",
                "GET /%zz HTTP/1.1\nHost: localhost\n\n",
                "GET /api/v1/%c3%28 HTTP/1.1\nHost: localhost\n\n",
                "GET /../../etc/passwd HTTP/1.1\nHost: localhost\n\n",
                "GET / HTTP/1.1\n\n",
                "GET / HTTP/1.1\nHost: localhost\nHost: localhost\n\n",
                "GET / HTTP/1.1\nHost: a b\n\n",
                "GET / HTTP/1.1\nHost: <evil>\n\n",
                "GET / HTTP/1.1\nHost: localhost:http\n\n",
                "GET http://evil.example/ HTTP/1.1\nHost: localhost\n\n",
                "GET / HTTP/1.1\nHost: localhost\nBad Header: x\n\n",
                "POST /api/v1/x HTTP/1.1\nHost: localhost\nContent-Length: 1\nContent-Length: 2\n\n",
                "POST /api/v1/x HTTP/1.1\nHost: localhost\nContent-Length: x\n\n",
                "GET /api/v1/permissions?a=%zz HTTP/1.1\nHost: localhost\nConnection: close\n\n"
            })
    void whatCannotBeReadIsToldAsAProblem(String request) throws IOException {
        RawHttp.send(port, request).isProblem(400, "request-invalid");
    }

    @Test
    void aHeaderOrPathThatIsTooLongIsToldAsAProblem() throws IOException {
        String tooLong = "x".repeat(20_000);
        RawHttp.send(port, "GET / HTTP/1.1\nHost: localhost\nLong: " + tooLong + "\n\n")
                .isProblem(400, "request-invalid");
        RawHttp.send(port, "GET /" + tooLong + " HTTP/1.1\nHost: localhost\n\n").isProblem(400, "request-invalid");
    }

    @Test
    void moreParametersThanAnybodyNeedsAreRefused() throws IOException {
        get("/api/v1/permissions?" + "a=1&".repeat(300)).isProblem(400, "request-invalid");
    }

    @Test
    void whatThisServerDoesNotSpeakIsToldAsAProblem() throws IOException {
        RawHttp.send(port, "GET / HTTP/4.0\nHost: localhost\n\n").isProblem(501, "not-available-here");
        RawHttp.send(port, "POST /api/v1/test/echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: rot13\n\n")
                .isProblem(501, "not-available-here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "FOO", "PUT", "DELETE"})
    void aMethodThatIsNotAllowedNamesThoseThatAre(String method) throws IOException {
        Reply reply = RawHttp.send(
                        port, method + " /api/v1/permissions HTTP/1.1\nHost: localhost\nConnection: close\n\n")
                .isProblem(405, "method-not-allowed");
        assertThat(reply.header("Allow")).contains("GET");
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing",
        "/api/v1/nothing",
        "/api/v1/machines/a%2Fb/nothing",
        "/a%2Fb",
        "/a%5Cb",
        "/error",
        "/actuator/nothing",
        "/a%00b"
    })
    void aPathWhereNothingIsIsToldAsAProblemToBrowsersToo(String path) throws IOException {
        for (String accept : new String[] {"*/*", "text/html", "application/json", "image/png"}) {
            Reply reply = get(path, "Accept: " + accept);
            if (reply.status() == 400) {
                reply.isProblem(400, "request-invalid");
            } else {
                reply.isProblem(404, "path-unknown");
                assertThat(reply.json().get("instance").asString()).isEqualTo(path);
            }
        }
    }

    @Test
    void aNameWithASlashArrivesWholeWhenItIsEncoded() throws IOException {
        assertThat(get("/api/v1/test/names/a%2Fb%5Cc%3A%2B%20d").body()).contains("a/b\\c:+ d");
    }

    @Test
    void aRoomsProblemKeepsItsWordsAndSaysWhenToComeBack() throws IOException {
        Reply reply = get("/api/v1/test/busy", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .isProblem(429, "machine-busy");
        assertThat(reply.header("Retry-After")).isEqualTo("2");
        assertThat(reply.json().get("retryAfterMillis").asInt()).isEqualTo(1200);
        assertThat(reply.json().get("machine").asString()).isEqualTo("rover-1");
        assertThat(reply.json().get("traceId").asString()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void aPlainHandlersProblemLooksTheSame() throws IOException {
        get("/api/v1/test/plain").isProblem(429, "machine-busy");
    }

    @Test
    void aDefectIsLoggedOnceAndToldWithoutItsInside(CapturedOutput output) throws IOException {
        Reply reply = get("/api/v1/test/defect").isProblem(500, "internal");

        String trace = reply.json().get("traceId").asString();
        assertThat(trace).hasSize(32);
        assertThat(reply.whole()).doesNotContain("the secret inside");
        assertThat(output.getOut()).containsOnlyOnce("[trace " + trace + "]").containsOnlyOnce("the secret inside");
    }

    @Test
    void halfAnAnswerIsCutAndNotMadeWhole() throws IOException {
        Reply reply = get("/api/v1/test/half");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("half").doesNotContain("\r\n0\r\n");
    }

    @Test
    void badJsonIsNamedByLineAndColumn() throws IOException {
        Reply reply = post("/api/v1/test/echo", "{\"word\": \"a\",\n  oops}").isProblem(400, "request-invalid");
        assertThat(reply.json().get("detail").asString()).contains("line 2");
    }

    @Test
    void anUnknownFieldAndOneOfTheWrongTypeAreNamed() throws IOException {
        Reply unknown = post("/api/v1/test/echo", "{\"wrod\": \"a\"}").isProblem(400, "request-invalid");
        assertThat(unknown.json().get("field").asString()).isEqualTo("wrod");
        assertThat(unknown.json().get("detail").asString()).contains("wrod").contains("word");
        Reply wrong = post("/api/v1/test/echo", "{\"count\": \"many\"}").isProblem(400, "request-invalid");
        assertThat(wrong.json().get("field").asString()).isEqualTo("count");
        post("/api/v1/test/echo", "[]").isProblem(400, "request-invalid");
        post("/api/v1/test/echo", "{\"word\": \"a\"} {}").isProblem(400, "request-invalid");
        post("/api/v1/test/echo", "{\"word\": \"a\", \"word\": \"b\"}").isProblem(400, "request-invalid");
        post("/api/v1/test/echo", "").isProblem(400, "request-invalid");
    }

    @Test
    void aMissingOrUnreadableParameterOrHeaderIsNamed() throws IOException {
        assertThat(get("/api/v1/test/needs", "X-Count: 1")
                        .isProblem(400, "request-invalid")
                        .json()
                        .get("field")
                        .asString())
                .isEqualTo("count");
        assertThat(get("/api/v1/test/needs?count=x", "X-Count: 1")
                        .isProblem(400, "request-invalid")
                        .json()
                        .get("field")
                        .asString())
                .isEqualTo("count");
        assertThat(get("/api/v1/test/needs?count=1")
                        .isProblem(400, "request-invalid")
                        .json()
                        .get("field")
                        .asString())
                .isEqualTo("X-Count");
    }

    @Test
    void unknownAndRepeatedParametersAreNamed() throws IOException {
        assertThat(get("/api/v1/permissions?verbose=1")
                        .isProblem(400, "request-invalid")
                        .json()
                        .get("field")
                        .asString())
                .isEqualTo("verbose");
        assertThat(get("/api/v1/test/strict?selector=a&selector=b")
                        .isProblem(400, "request-invalid")
                        .json()
                        .get("detail")
                        .asString())
                .contains("selector is given 2 times");
        get("/api/v1/test/strict?pageSize=0").isProblem(400, "request-invalid");
        get("/api/v1/test/strict?hold=soon").isProblem(400, "request-invalid");
        assertThat(get("/api/v1/test/strict?selector=a%3Db&pageSize=7&hold=250ms")
                        .body())
                .contains("a=b 7 PT0.25S");
    }

    @Test
    void whatCannotBeProducedInTheFormAskedForIs406() throws IOException {
        get("/api/v1/permissions", "Accept: text/html").isProblem(406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/jsonp",
                "nonsense"
            })
    void aBodyThatIsNotJsonReachesNoHandler(String type) throws IOException {
        send("POST", "/api/v1/test/echo", "word=a", "Content-Type: " + type).isProblem(415, "unsupported-media-type");
    }

    @Test
    void aBodyWithoutATypeOrWithTwoReachesNoHandler() throws IOException {
        send("POST", "/api/v1/test/echo", "{}").isProblem(415, "unsupported-media-type");
        send("POST", "/api/v1/test/echo", "{}", "Content-Type: application/json", "Content-Type: text/plain")
                .isProblem(415, "unsupported-media-type");
    }

    @Test
    void jsonInUtf8IsTakenAndAPostWithoutABodyNeedsNoType() throws IOException {
        assertThat(send(
                                "POST",
                                "/api/v1/test/echo",
                                "{\"word\": \"a\"}",
                                "Content-Type: application/json;charset=UTF-8")
                        .body())
                .contains("\"a\"");
        assertThat(send("POST", "/api/v1/test/nothing", "").status()).isEqualTo(200);
    }

    @Test
    void aBodyDeclaredTooLargeIsRefusedBeforeItsFirstByte() throws IOException {
        for (String path : new String[] {"echo", "raw"}) {
            RawHttp.send(port, """
                    POST /api/v1/test/%s HTTP/1.1
                    Host: localhost
                    Content-Type: application/json
                    Expect: 100-continue
                    Content-Length: 34603008
                    Connection: close

                    """.formatted(path)).isProblem(413, "request-too-large");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "raw"})
    void aBodyThatNeverEndsIsCutAtTheLimit(String path) throws IOException {
        byte[] mebibyte = " ".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
        Reply reply = RawHttp.send(port, out -> {
            out.write(
                    "POST /api/v1/test/%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                            .formatted(path)
                            .getBytes(ISO_8859_1));
            for (int i = 0; i < 33; i++) {
                out.write("100000\r\n".getBytes(ISO_8859_1));
                out.write(mebibyte);
                out.write("\r\n".getBytes(ISO_8859_1));
            }
        });
        reply.isProblem(413, "request-too-large");
    }

    @Test
    void exactlyTheLimitIsTaken() throws IOException {
        String reply = RawHttp.send(port, out -> {
                    out.write(
                            "POST /api/v1/test/raw HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                                    .formatted(Bodies.LIMIT)
                                    .getBytes(ISO_8859_1));
                    out.write(new byte[Bodies.LIMIT]);
                })
                .body();
        assertThat(reply).contains("33554432");
    }

    private Reply get(String path, String... headers) throws IOException {
        return send("GET", path, "", headers);
    }

    private Reply post(String path, String body) throws IOException {
        return send("POST", path, body, "Content-Type: application/json");
    }

    private Reply send(String method, String path, String body, String... headers) throws IOException {
        String lines = headers.length == 0 ? "" : String.join("\n", headers) + "\n";
        String length = body.isEmpty()
                ? ""
                : "Content-Length: " + body.replace("\n", "\r\n").length() + "\n";
        return RawHttp.send(
                port,
                "%s %s HTTP/1.1\nHost: localhost\nConnection: close\n%s%s\n%s"
                        .formatted(method, path, lines, length, body));
    }

    @TestConfiguration
    static class Handlers {

        @Bean("/api/v1/test/plain")
        HttpRequestHandler plain() {
            return (request, response) -> {
                throw busy();
            };
        }

        @Bean("/api/v1/test/raw")
        HttpRequestHandler raw() {
            return (request, response) -> response.getWriter().print(Bodies.read(request).length);
        }

        @Bean
        Controller controller() {
            return new Controller();
        }

        private static ProblemException busy() {
            return new ProblemException(Problem.of(ProblemCode.MACHINE_BUSY, "Try later")
                    .on("rover-1")
                    .retryAfter(Duration.ofMillis(1200)));
        }
    }

    @RestController
    static class Controller {

        record Word(String word, Integer count) {}

        @PostMapping("/api/v1/test/echo")
        Word echo(@RequestBody Word word) {
            return word;
        }

        @PostMapping("/api/v1/test/nothing")
        Map<String, String> nothing() {
            return Map.of();
        }

        @GetMapping(path = "/api/v1/test/names/{name}", produces = MediaType.TEXT_PLAIN_VALUE)
        String name(@PathVariable String name) {
            return name;
        }

        @GetMapping("/api/v1/test/needs")
        int needs(@RequestParam int count, @RequestHeader("X-Count") int header) {
            return count + header;
        }

        @GetMapping("/api/v1/test/strict")
        String strict(HttpServletRequest request) {
            StrictParameters parameters = StrictParameters.of(request, "selector", "pageSize", "hold");
            return parameters.text("selector").orElse("")
                    + " " + parameters.number("pageSize", 50, 1, 200)
                    + " " + parameters.duration("hold").orElse(Duration.ZERO);
        }

        @GetMapping("/api/v1/test/busy")
        void busy() {
            throw Handlers.busy();
        }

        @GetMapping("/api/v1/test/defect")
        void defect() {
            throw new IllegalStateException("the secret inside");
        }

        @GetMapping("/api/v1/test/half")
        void half(jakarta.servlet.http.HttpServletResponse response) throws IOException {
            response.getWriter().print("half");
            response.flushBuffer();
            throw new IllegalStateException("on purpose, after half an answer");
        }
    }
}
