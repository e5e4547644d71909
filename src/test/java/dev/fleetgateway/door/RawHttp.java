package dev.fleetgateway.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends to the gateway on loopback exactly the bytes it is given, as no well-behaved library would. */
final class RawHttp {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: ([0-9]+)\r\n");

    private RawHttp() {}

    /** Sends the text, with CRLF for each line's end, and reads a whole answer, or until the gateway hangs up. */
    static Reply send(int port, String text) throws IOException {
        return send(port, out -> out.write(text.replace("\n", "\r\n").getBytes(ISO_8859_1)));
    }

    static Reply send(int port, Sender sender) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            try {
                sender.send(socket.getOutputStream());
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The gateway may well hang up while we still talk; what it said is there to be read.
            }
            return Reply.parse(readAll(socket.getInputStream()));
        }
    }

    private static String readAll(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                all.write(buffer, 0, read);
                if (isWhole(all.toString(ISO_8859_1))) {
                    break;
                }
            }
        } catch (java.net.SocketException e) {
            // Reset after the answer: the gateway did not want the rest.
        }
        return all.toString(ISO_8859_1);
    }

    private static boolean isWhole(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        Matcher length = CONTENT_LENGTH.matcher(text.substring(0, end + 2));
        return length.find() && text.length() - end - 4 >= Integer.parseInt(length.group(1));
    }

    @FunctionalInterface
    interface Sender {
        void send(OutputStream out) throws IOException;
    }

    record Reply(int status, List<String> headers, String body, String whole) {

        static Reply parse(String whole) {
            assertThat(whole).as("an answer").startsWith("HTTP/1.1 ");
            int end = whole.indexOf("\r\n\r\n");
            List<String> head = List.of(whole.substring(0, end).split("\r\n"));
            return new Reply(
                    Integer.parseInt(head.getFirst().substring(9, 12)),
                    new ArrayList<>(head.subList(1, head.size())),
                    whole.substring(end + 4),
                    whole);
        }

        /** All values of a header, joined as one. */
        String header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return String.join(
                    ", ",
                    headers.stream()
                            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                            .map(line -> line.substring(prefix.length()).strip())
                            .toList());
        }

        JsonNode json() {
            return JSON.readTree(body);
        }

        /** Whether this is a problem in our form and nothing else, and gives nothing away. */
        Reply isProblem(int wantedStatus, String code) {
            assertThat(status).as(whole).isEqualTo(wantedStatus);
            assertThat(header("Content-Type")).as(whole).isEqualTo("application/problem+json");
            assertThat(whole)
                    .doesNotContainIgnoringCase("<html", "<!doctype", "\tat ", "Exception", "Apache", "Tomcat");
            assertThat(json().get("code").asString()).isEqualTo(code);
            assertThat(json().get("type").asString()).isEqualTo("urn:fleet-gateway:problem:" + code);
            assertThat(json().get("status").asInt()).isEqualTo(wantedStatus);
            assertThat(json().get("title").asString()).isNotBlank();
            assertThat(json().get("detail").asString()).isNotBlank();
            assertThat(json().propertyNames())
                    .contains(
                            "instance",
                            "machine",
                            "route",
                            "grpcStatus",
                            "outcome",
                            "retryable",
                            "retryAfterMillis",
                            "traceId");
            assertThat(header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header("Server")).isEmpty();
            return this;
        }
    }
}
