package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A person's browser, with a page of the gateway's in which a motor is being driven, and another page. */
final class Browser implements Driving {

    // In the gateway's own page, by what any page has: beats come from a timer of the page's, as an operator's panel
    // does it.
    private static final String DRIVE = """
            const [method, request, machine, wish, done] = arguments;
            const socket = new WebSocket('ws://' + location.host + '/api/v1/ws', 'fleet-gateway.v1');
            const ask = (id, method, params) => socket.send(JSON.stringify({jsonrpc: '2.0', id, method, params}));
            socket.onopen = () => ask(1, 'lease.acquire', {machine, ...wish});
            socket.onerror = () => done('the socket failed');
            socket.onclose = event => done('closed with ' + event.code);
            socket.onmessage = event => {
              const message = JSON.parse(event.data);
              if (message.error) {
                done(event.data);
              } else if (message.id === 1) {
                const lease = message.result.id;
                setInterval(() => ask(undefined, 'lease.beat', {lease}), wish.windowMillis / 4);
                ask(2, 'call', {machine, resource: 'rdk:component:motor/m1', method, request, lease});
                setTimeout(() => done('driving'), 300);
              }
            };
            """;

    private static final String CAPABILITIES = """
            {"capabilities": {"alwaysMatch": {
              "timeouts": {"script": 10000, "pageLoad": 15000},
              "goog:chromeOptions": {"args": ["headless", "no-sandbox", "disable-gpu", "no-first-run", "no-proxy-server",
                "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"]}}}}
            """;

    private final Process chromedriver;
    private final Rest wire;
    private final String session;

    Browser(Process chromedriver, int port, Motion motion) throws IOException, InterruptedException {
        this.chromedriver = chromedriver;
        this.wire = new Rest("http://127.0.0.1:" + port + "/session");
        JsonMapper json = JsonMapper.shared();
        this.session = "/" + post("", CAPABILITIES).path("sessionId").asString();
        try {
            String tab = post(session + "/window/new", "{\"type\":\"tab\"}")
                    .path("handle")
                    .asString();
            post(session + "/window", json.writeValueAsString(Map.of("handle", tab)));
            post(session + "/url", "{\"url\":\"http://" + Rest.HOST + "/\"}");
            Object[] wishes = {
                motion.method(), json.readTree(motion.request()), Rest.MACHINE, json.readTree(Rest.LEASE_WISH)
            };
            JsonNode said =
                    post(session + "/execute/async", json.writeValueAsString(Map.of("script", DRIVE, "args", wishes)));
            if (!said.asString("").equals("driving")) {
                throw new IllegalStateException("The page does not drive: " + said);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private JsonNode post(String path, String json) throws IOException, InterruptedException {
        return wire.ask("POST", path, null, json).ok().path("value");
    }

    long closeTab() throws IOException, InterruptedException {
        long at = System.nanoTime();
        wire.ask("DELETE", session + "/window", null, null).ok();
        return at;
    }

    /** Kills the browser itself; its other processes find out. */
    long crash() {
        long at = System.nanoTime();
        List<ProcessHandle> mains =
                processes().filter(each -> !line(each).contains("--type=")).toList();
        if (mains.isEmpty()) {
            throw new IllegalStateException("There is no browser to kill");
        }
        mains.forEach(ProcessHandle::destroyForcibly);
        return at;
    }

    /** Stops or continues the processes in which its pages run. */
    long signalPages(String signal) throws IOException, InterruptedException {
        List<Long> pages = processes()
                .filter(each -> line(each).contains("--type=renderer"))
                .map(ProcessHandle::pid)
                .toList();
        if (pages.isEmpty()) {
            throw new IllegalStateException("There is no page to send " + signal);
        }
        return Stage.signal(signal, pages);
    }

    private Stream<ProcessHandle> processes() {
        return chromedriver.descendants().filter(each -> line(each).contains("chromium"));
    }

    // A page's process writes its own command line, which ProcessHandle cannot read then.
    private static String line(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has ended.
            return "";
        }
    }

    @Override
    public void close() {
        try {
            wire.ask("DELETE", session, null, null);
        } catch (IOException | RuntimeException e) {
            System.err.println("The browser was not closed in form: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            wire.close();
            List<ProcessHandle> left = processes().toList();
            left.forEach(ProcessHandle::destroyForcibly);
            left.forEach(each -> each.onExit()
                    .orTimeout(5, TimeUnit.SECONDS)
                    .exceptionally(_ -> each)
                    .join());
        }
    }
}
