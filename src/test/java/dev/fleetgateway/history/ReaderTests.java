package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.time.FakeTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who asks together with others, and after others. */
class ReaderTests {

    private final FakeTime time = new FakeTime();
    private final Run run = new Run("run", "gateway-0", time.now());
    private final FakeStore store = new FakeStore();
    private final Reader reader = new Reader(time, run, store);
    private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        store.mend();
        reader.close();
    }

    @Test
    void fiftyWhoAskAtOnceAreAllAnsweredInTurn() throws InterruptedException {
        store.hang();
        List<Thread> fifty = ask(50);
        store.mend();
        for (Thread one : fifty) {
            one.join();
        }
        assertThat(answers).hasSize(50).containsOnly("answered");
    }

    @Test
    void aQuestionThatFailsIsTheTroubleOfItsAskerAlone() throws UnreadException {
        store.refuse("timestamp out of range");
        assertThatThrownBy(this::read).isInstanceOf(UnreadException.class).hasMessage("the database could not be read");
        store.mend();
        assertThat(read()).isEmpty();
    }

    @Test
    void whoseTurnDoesNotComeIsToldSoAndNobodyIsKeptFromAsking() throws InterruptedException {
        store.hang();
        List<Thread> asking = ask(Reader.MOST_WAITING + 2);
        assertThat(answers).containsExactly("too many ask the database at once");

        store.mend();
        for (Thread one : asking) {
            one.join();
        }
        assertThat(answers).contains("answered").doesNotContain("the database did not answer lately");
    }

    @Test
    void onlyASilentDatabaseIsAskedNoMoreForAWhile() throws InterruptedException, UnreadException {
        store.hang();
        List<Thread> three = ask(3);
        store.answer(1);
        for (Thread one : three) {
            one.join();
        }
        // One answer in the two seconds: the others had a database that answers, as far as they know.
        assertThat(answers)
                .containsExactlyInAnyOrder(
                        "answered", "too many ask the database at once", "too many ask the database at once");

        assertThatThrownBy(this::read).hasMessage("the database did not answer within 2 s");
        assertThatThrownBy(this::read).hasMessage("the database did not answer lately");
        store.mend();
        time.advance(Reader.PAUSE);
        assertThat(read()).isEmpty();
    }

    private List<Entry> read() throws UnreadException {
        return reader.read("r1", new HistoryQuery(null, null, null, null, 10), time.now());
    }

    private List<Thread> ask(int many) {
        List<Thread> asking = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            asking.add(Thread.ofVirtual().start(() -> {
                try {
                    var _ = read();
                    answers.add("answered");
                } catch (UnreadException e) {
                    answers.add(String.valueOf(e.getMessage()));
                }
            }));
        }
        await().until(() ->
                asking.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING || !one.isAlive()));
        return asking;
    }
}
