package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.peer.Peer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Session descriptions as they are signaled: base64 of {@code {"type":"offer","sdp":"..."}}. */
final class Descriptions {

    private Descriptions() {}

    private record Description(String type, String sdp) {}

    static String offer(String sdp) {
        return Base64.getEncoder().encodeToString(JsonMapper.shared().writeValueAsBytes(new Description("offer", sdp)));
    }

    /** The answer, unpacked. */
    static String answer(String packed) {
        try {
            JsonNode json = JsonMapper.shared()
                    .readTree(new String(Base64.getDecoder().decode(packed), StandardCharsets.UTF_8));
            String sdp = json.path("sdp").asString("");
            if (json.path("type").asString("").equals("answer") && !sdp.isEmpty()) {
                return sdp;
            }
        } catch (IllegalArgumentException | JacksonException e) {
            // Told below, as what is no answer either.
        }
        throw new DialFailedException(FailureKind.PROTOCOL, "the machine's answer to the offer cannot be read");
    }

    /** A description with candidates that were found after it was made: it has one medium, and lines at the end are its. */
    static String with(List<Peer.IceCandidate> candidates, String sdp) {
        StringBuilder whole = new StringBuilder(sdp);
        candidates.forEach(each -> whole.append("a=").append(each.candidate()).append("\r\n"));
        return whole.append("a=end-of-candidates\r\n").toString();
    }
}
