package dev.fleetgateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class NeedsTests {

    private final String before = System.getProperty("tests.skips", "");

    @BeforeEach
    void skipsAreAllowed() {
        System.setProperty("tests.skips", "allowed");
    }

    @AfterEach
    void asItWas() {
        System.setProperty("tests.skips", before);
    }

    @Test
    void aMissingProgramSkipsTheTestAndNamesThePackage() {
        assertThatThrownBy(() -> Needs.program("no-such-program", "some-package"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("apt-get install some-package");
    }

    @Test
    void whereSkipsAreForbiddenItFailsTheTest() {
        System.setProperty("tests.skips", "forbidden");

        assertThatThrownBy(() -> Needs.program("no-such-program", "some-package"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("apt-get install some-package");
    }

    @Test
    void aProgramThatIsThereLetsTheTestRun() {
        assertThatCode(() -> Needs.program("sh", "dash")).doesNotThrowAnyException();
    }
}
