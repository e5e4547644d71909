package dev.fleetgateway.door;

import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.Cursor;
import dev.fleetgateway.status.Feed;
import dev.fleetgateway.status.Frame;
import dev.fleetgateway.status.Pictures;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The feed as server-sent events. They are written on the request's own thread, a frame at a time: a reader that does not
 * read blocks that thread alone, until the server's write timeout ends it.
 */
@RestController
class EventsController {

    private static final Duration COMMENT = Duration.ofSeconds(15);
    private static final int CONTROL_MESSAGES = 4;

    private final Feed feed;
    private final Streams streams;

    EventsController(Pictures pictures, Streams streams) {
        this.feed = pictures.feed();
        this.streams = streams;
    }

    @GetMapping("/api/v1/events")
    void events(HttpServletRequest request, HttpServletResponse response) throws IOException, InterruptedException {
        Parameters parameters = Parameters.of(request, List.of("selector", "since"));
        Selector chosen = parameters.read("selector", Selector::parse);
        Cursor since = since(request, parameters);

        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        AtomicBoolean going = new AtomicBoolean();
        try (Outbox outbox = new Outbox(feed, CONTROL_MESSAGES, Long.MAX_VALUE)) {
            Streams.Stream stream = within -> {
                going.set(true);
                outbox.offer(Json.bytes(Map.of("reason", "draining", "withinMillis", within.toMillis())));
            };
            streams.add(stream);
            try {
                outbox.follow(chosen == null ? Selector.ALL : chosen, since, null);
                write(outbox, going, response.getOutputStream());
            } catch (IOException e) {
                // The reader hung up or does not read. There is nobody left to tell.
                if (SlowReader.isWhy(e)) {
                    feed.countDropped();
                }
            } finally {
                streams.remove(stream);
            }
        }
    }

    private static void write(Outbox outbox, AtomicBoolean going, OutputStream out)
            throws IOException, InterruptedException {
        print(out, "retry: 2000\n\n");
        out.flush();
        while (true) {
            Outbox.Item item = outbox.take(COMMENT);
            switch (item) {
                case null -> print(out, ":\n\n");
                case Outbox.News(var frame) -> print(out, frame);
                case Outbox.Control control -> event(out, "goaway", control.json());
            }
            out.flush();
            if (going.get() && item instanceof Outbox.Control) {
                return;
            }
        }
    }

    private static void print(OutputStream out, Frame frame) throws IOException {
        if (Frames.isPlace(frame)) {
            print(out, "id: " + new Cursor(frame.epoch(), frame.seq()) + "\n");
        }
        event(out, Frames.event(frame), Frames.json(frame));
    }

    private static void event(OutputStream out, String name, byte[] json) throws IOException {
        print(out, "event: " + name + "\ndata: ");
        out.write(json);
        print(out, "\n\n");
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    // A browser that comes back sends both: what it was given last knows more than what the page once asked for.
    private static @Nullable Cursor since(HttpServletRequest request, Parameters parameters) {
        Cursor asked = parameters.read("since", Cursor::parse);
        String last = request.getHeader("Last-Event-ID");
        if (last == null || last.isEmpty()) {
            return asked;
        }
        try {
            return Cursor.parse(last);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.invalid("Last-Event-ID", "The header Last-Event-ID cannot be read: " + e.getMessage()));
        }
    }
}
