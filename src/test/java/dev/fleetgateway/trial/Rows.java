package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rows of a table. Printed and written anew after each, so that a trial cut short still tells. Safe for use by many threads. */
final class Rows {

    private final Path file;
    private final String head;
    private final List<String> rows = new ArrayList<>();
    private boolean broken;

    Rows(Path file, String head) {
        this.file = file;
        this.head = head;
    }

    /**
     * @param good whether all in it is as it must be
     */
    synchronized void add(String row, boolean good) throws IOException {
        broken |= !good;
        rows.add(row);
        System.out.println(row);
        Files.writeString(file, this + "\n");
    }

    synchronized boolean broken() {
        return broken || rows.isEmpty();
    }

    @Override
    public synchronized String toString() {
        return head + String.join("\n", rows);
    }
}
