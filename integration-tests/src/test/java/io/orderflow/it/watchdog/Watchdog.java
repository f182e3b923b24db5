package io.orderflow.it.watchdog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.it.fixture.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets faults begin while tasks run, and looks for a task that stands still without a word. All
 * faults pass at the same time, each with a connector of its own.
 */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  /** Connectors retry sooner here than they do by default, so that nobody waits a minute. */
  private static final Duration LIMIT =
      Duration.ofSeconds(Integer.getInteger("orderflow.faults.seconds", 20));

  private static final Duration NEW_ORDERS_EVERY = Duration.ofMillis(500);

  /** Halving a batch takes a line each time. */
  private static final int MAX_WARNINGS = 12;

  private final List<Subject> subjects;
  private final List<String> problems = new ArrayList<>();

  private Watchdog(List<Subject> subjects) {
    this.subjects = subjects;
  }

  /** Fails unless all faults end as they may, and all orders are complete after their repair. */
  static void watch(Stage stage, List<Fault> faults) throws Exception {
    List<Subject> subjects =
        faults.stream().map(fault -> fault.side().subject(stage, fault)).toList();
    try {
      new Watchdog(subjects).watch();
    } finally {
      for (Subject subject : subjects) {
        subject.close();
      }
    }
  }

  private void watch() throws Exception {
    Instant began = Instant.now();
    for (Subject subject : subjects) {
      subject.start();
      subject.place();
      subject.mark();
    }
    await("all connectors work").until(() -> subjects.stream().allMatch(Subject::isSettled));
    LOG.info(
        "{} connectors work after {}", subjects.size(), Duration.between(began, Instant.now()));
    for (Subject subject : subjects) {
      subject.begin();
      subject.place();
      subject.mark();
    }
    awaitEnds();
    LOG.info("faults have ended after {}", Duration.between(began, Instant.now()));
    for (Subject subject : subjects) {
      subject.repair();
      subject.place();
      subject.mark();
    }
    awaitRepair();
    LOG.info("all is repaired after {}", Duration.between(began, Instant.now()));
    assertEquals("", String.join("\n", problems));
  }

  private void awaitEnds() {
    List<Subject> open = new ArrayList<>(subjects);
    Instant limit = Instant.now().plus(LIMIT);
    Instant next = Instant.now();
    while (!open.isEmpty() && Instant.now().isBefore(limit)) {
      if (Instant.now().isAfter(next)) {
        open.forEach(Subject::place);
        next = Instant.now().plus(NEW_ORDERS_EVERY);
      }
      open.removeIf(Subject::hasEnded);
    }
    open.forEach(subject -> problems.add(subject.report()));
    for (Subject subject : subjects) {
      if (subject.warnings().size() > MAX_WARNINGS * subject.fault().tasks()) {
        problems.add(subject.fault() + ": a flood in the log: " + subject.warnings());
      }
    }
  }

  private void awaitRepair() {
    List<Subject> open = new ArrayList<>(subjects);
    Instant limit = Instant.now().plus(LIMIT);
    while (!open.isEmpty() && Instant.now().isBefore(limit)) {
      open.removeIf(Subject::isSettled);
    }
    open.forEach(subject -> problems.add("Repaired, but " + subject.report()));
    for (Subject subject : subjects) {
      if (!open.contains(subject) && !subject.damage().isEmpty()) {
        problems.add("Repaired, but " + subject.fault() + ": " + subject.damage());
      }
    }
  }
}
