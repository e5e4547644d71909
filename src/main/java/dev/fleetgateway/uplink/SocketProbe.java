package dev.fleetgateway.uplink;

import dev.fleetgateway.machine.Address;
import dev.fleetgateway.route.Names;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** By a bare TCP connection. */
final class SocketProbe implements Probe {

    private final Names names;

    SocketProbe(Names names) {
        this.names = names;
    }

    @Override
    public List<InetAddress> lookUp(String host, Duration within) throws UnknownHostException {
        return names.lookUp(host, within);
    }

    @Override
    public Answer connect(InetAddress host, Address server, Duration within) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, server.port()), Math.toIntExact(within.toMillis()));
            return new Answer.There(server + " can be connected to");
        } catch (ConnectException e) {
            String said = String.valueOf(e.getMessage());
            return said.contains("refused")
                    ? new Answer.There(server + " refuses connections, so packets go there and back")
                    : new Answer.Silent(server + " cannot be reached (" + said + ")");
        } catch (SocketTimeoutException _) {
            return new Answer.Silent("%s does not answer within %d s".formatted(server, within.toSeconds()));
        } catch (IOException e) {
            return new Answer.Silent(server + " cannot be reached (" + e.getMessage() + ")");
        }
    }
}
