package io.orderflow.source.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts what many seeds have shown; a file has the report of a run that was interrupted too. */
final class FuzzReport {

  /** How many seeds pass until the file is written again. */
  private static final int WRITE_EVERY = 50;

  private final long began = System.nanoTime();
  private final Path file;
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<String, Integer> refused = new TreeMap<>();
  private final Map<String, Integer> fixes = new TreeMap<>();
  private final Map<String, Integer> handovers = new TreeMap<>();
  private int seeds;
  private int captures;
  private long statements;
  private long failedStatements;
  private long transactions;
  private long events;
  private long last;

  FuzzReport(Path file) {
    this.file = file;
  }

  void add(SeedResult result) {
    seeds++;
    last = result.seed();
    captures += result.counts().captures();
    statements += result.counts().statements();
    failedStatements += result.counts().failedStatements();
    transactions += result.counts().transactions();
    events += result.counts().events();
    result.tables().kinds().forEach(kind -> kinds.merge(kind, 1, Integer::sum));
    result.refused().forEach(reason -> refused.merge(reason, 1, Integer::sum));
    result.counts().handovers().forEach(to -> handovers.merge(to, 1, Integer::sum));
    result.fixes().forEach(fix -> fixes.merge(fix, 1, Integer::sum));
    if (result.failure() != null) {
      failures.add(result.failure());
      System.out.println("=== " + result.failure());
    }
    if (result.failure() != null || seeds % WRITE_EVERY == 0) {
      write();
    }
  }

  List<String> failures() {
    return failures;
  }

  /** How many handovers have taken place, by the capture that took over. */
  Map<String, Integer> handovers() {
    return handovers;
  }

  /** Prints the counts, and writes them with all failures to the file. */
  void print() {
    System.out.print(counts());
    write();
  }

  private void write() {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, counts() + "\n" + String.join("\n\n", failures) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String counts() {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    return """
        %d seeds until %d in %d s: %d captures accepted and %d refused; %d statements, of which %d failed; \
        %d transactions; %d events compared; %d failures
        refused: %s
        handovers: %s
        fixes run: %s
        tables: %s
        """
        .formatted(
            seeds,
            last,
            took.toSeconds(),
            captures,
            refused.values().stream().mapToInt(Integer::intValue).sum(),
            statements,
            failedStatements,
            transactions,
            events,
            failures.size(),
            list(refused),
            list(handovers),
            list(fixes),
            list(kinds));
  }

  private static String list(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> "\n  " + entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining());
  }
}
