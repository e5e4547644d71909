package dev.fleetgateway.connection.direct;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OnLinkSocketTests {

    @Test
    @EnabledOnOs(OS.LINUX)
    void onLinuxASocketCanBeKeptOnTheLocalNetwork() throws Exception {
        assertThat(OnLinkSocket.available()).isTrue();
        OnLinkSocket socket = new OnLinkSocket();
        assertThat(socket.isOpen()).isTrue();
        socket.unsafe().closeForcibly();
    }
}
