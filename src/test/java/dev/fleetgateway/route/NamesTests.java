package dev.fleetgateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class NamesTests {

    private static final Duration PATIENCE = Duration.ofMillis(1);

    private final Deque<Runnable> hanging = new ArrayDeque<>();
    private final Names names = new Names(_ -> new InetAddress[] {InetAddress.ofLiteral("198.51.100.9")}, hanging::add);

    @Test
    void aLookupThatHangsIsGivenUpAndNoOtherOfThatNameIsBegun() {
        assertThatThrownBy(() -> names.lookUp("app.example", PATIENCE))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("the name app.example is still being looked up");
        assertThatThrownBy(() -> names.lookUp("app.example", PATIENCE)).isInstanceOf(UnknownHostException.class);
        assertThat(hanging).hasSize(1);
    }

    @Test
    void whatWasKnownBeforeGoesOnBeingUsedWhileALookupHangsButIsNotSaidToBeOfNow() throws UnknownHostException {
        assertThatThrownBy(() -> names.addresses("app.example", PATIENCE)).isInstanceOf(UnknownHostException.class);
        hanging.remove().run();
        assertThat(names.addresses("app.example", PATIENCE)).containsExactly(InetAddress.ofLiteral("198.51.100.9"));
        assertThatThrownBy(() -> names.lookUp("app.example", PATIENCE)).isInstanceOf(UnknownHostException.class);
        assertThat(hanging).hasSize(1);
    }
}
