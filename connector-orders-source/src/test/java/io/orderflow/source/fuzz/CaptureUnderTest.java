package io.orderflow.source.fuzz;

import io.orderflow.source.CaptureRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Runs a capture as a worker does, and keeps the events whose offsets are committed. */
final class CaptureUnderTest implements AutoCloseable {

  /** So soon after a capture of the log, its position may be no greater than the last version. */
  private static final Pattern VERSION_NOT_PASSED =
      Pattern.compile(
          "the log's position \\d+, which is the version of the next change, is not past the last version \\d+ of capture=query; continue with capture=query and change later");

  /** The capture before has not seen a partition; see docs/operations/switching-captures.md. */
  private static final Pattern UNSEEN_BY_QUERY =
      Pattern.compile(" was (attached to|detached from) .*which no trigger sees.*:\n");

  private static final Pattern UNSEEN_BY_LOG =
      Pattern.compile(
          "partitions of .* were attached with rows, or removed, since capture=log has compared them: .* Set capture=log again, until it runs");

  private static final long MAX_WAIT_NANOS = 30_000_000_000L;

  private final Map<String, String> settings;
  private final ShopLog log;
  private final List<CapturedEvent> events = new ArrayList<>();
  private Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private Map<Map<String, ?>, Map<String, ?>> committed = new HashMap<>();
  private int committedEvents;
  private int start;

  /** The index of the last commit before the last poll. */
  private int polled;

  /** Whether there may be more to emit without another commit. */
  private boolean hasMore = true;

  /** The index of the last commit before the task started. */
  private int begun;

  private final List<CapturePhase> phases = new ArrayList<>();
  private final NavigableSet<Integer> polls = new TreeSet<>();
  private @Nullable CaptureRun run;

  CaptureUnderTest(Map<String, String> settings, ShopLog log) {
    this.settings = new HashMap<>(settings);
    this.log = log;
    phases.add(new CapturePhase(isFromLog(), log.last()));
  }

  /** The index of the last commit before capture began. */
  int start() {
    return start;
  }

  /** Whether a failure says that rows were removed which nothing lists, and some were. */
  boolean isRemoval(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return (message.contains("TRUNCATE") || message.contains("were detached or dropped"))
        && beforeRemoval() >= start;
  }

  /** The index of the last commit before the first that removes rows since the start. */
  int beforeRemoval() {
    for (int index = start + 1; index <= log.last(); index++) {
      if (log.get(index).removes()) {
        return index - 1;
      }
    }
    return -1;
  }

  /** Forgets all offsets, so that the next task captures all orders again. */
  void beginAgain() {
    stop();
    offsets.clear();
    committed.clear();
    events.clear();
    committedEvents = 0;
    start = log.last();
    phases.clear();
    phases.add(new CapturePhase(isFromLog(), start));
  }

  /** The index of the last commit before the present task started. */
  int begun() {
    return begun;
  }

  /** The last commits before each poll; only then, captures query the shop. */
  NavigableSet<Integer> polls() {
    return polls;
  }

  /** The events so far. */
  List<CapturedEvent> events() {
    return events;
  }

  /** Polls once, unless there is nothing to emit, for which log capture would wait. */
  void pollIfChanged() {
    if (hasMore || hasChanged()) {
      poll();
    }
  }

  private boolean hasChanged() {
    return !log.get(polled).states().equals(log.get(log.last()).states());
  }

  /** Polls once. */
  void poll() {
    polled = log.last();
    polls.add(polled);
    CaptureRun running = running();
    int before = events.size();
    for (SourceRecord record : running.poll()) {
      if (record.topic().equals("orders")) {
        events.add(CapturedEvent.of(record, log.last(), phases.size() - 1));
      }
    }
    List<CapturedEvent> polledEvents = events.subList(before, events.size());
    hasMore =
        isFromLog()
            ? polledEvents.size() >= Integer.parseInt(settings.get("batch.max.orders"))
                || polledEvents.stream().anyMatch(CapturedEvent::isSnapshot)
            : !polledEvents.isEmpty();
  }

  private CaptureRun running() {
    CaptureRun running = run;
    if (running == null) {
      running = new CaptureRun(settings, offsets);
      run = running;
      begun = log.last();
    }
    return running;
  }

  /** Commits all that was polled. */
  void commit() {
    if (run != null) {
      run.delivered();
    }
    committed = new HashMap<>(offsets);
    committedEvents = events.size();
  }

  /**
   * Starts another task; if this one is killed, at the committed offsets. Does nothing before there
   * are any, since capture would begin once more.
   */
  void restart(boolean killed) {
    if (!killed) {
      commit();
    }
    if (committed.isEmpty()) {
      return;
    }
    stop();
    hasMore = true;
    offsets = new HashMap<>(committed);
    events.subList(committedEvents, events.size()).clear();
  }

  /** Whether log capture runs now. */
  boolean isFromLog() {
    return settings.getOrDefault("capture", "query").equals("log");
  }

  /** The captures since the last begin. */
  List<CapturePhase> phases() {
    return phases;
  }

  /**
   * Lets the other capture take over, unless this one has not emitted whole transactions and its
   * initial snapshot yet.
   *
   * @param killed whether what was polled last is not committed
   */
  boolean handOver(boolean killed) {
    if (!killed) {
      commit();
    }
    boolean incomplete =
        committed.values().stream()
            .anyMatch(
                offset ->
                    offset.get("snapshot") != null || number(offset, "emitted_in_transaction") > 0);
    if (committed.isEmpty() || incomplete) {
      return false;
    }
    restart(killed);
    long epoch = epoch() + 1;
    settings.put("capture", isFromLog() ? "query" : "log");
    phases.add(new CapturePhase(isFromLog(), log.last()));
    try {
      long began = System.nanoTime();
      while (epoch() < epoch && System.nanoTime() - began < MAX_WAIT_NANOS) {
        poll();
      }
    } catch (ConnectException e) {
      if (!isTooEarly(String.valueOf(e.getMessage()))) {
        throw e;
      }
      // As the message says, this capture continues, from where it has committed.
      restart(true);
      settings.put("capture", isFromLog() ? "query" : "log");
      phases.remove(phases.size() - 1);
      return false;
    }
    if (epoch() < epoch) {
      throw new IllegalStateException("The other capture has not taken over");
    }
    commit();
    return true;
  }

  /** Whether the other capture may refuse to take over yet, and this is a true reason. */
  private boolean isTooEarly(String refusal) {
    boolean isUnseen = (isFromLog() ? UNSEEN_BY_QUERY : UNSEEN_BY_LOG).matcher(refusal).find();
    return isUnseen
        ? log.changesPartitions(start)
        : isFromLog() && VERSION_NOT_PASSED.matcher(refusal).find();
  }

  private long epoch() {
    return offsets.values().stream().mapToLong(offset -> number(offset, "epoch")).max().orElse(0);
  }

  private static long number(Map<String, ?> offset, String field) {
    return offset.get(field) instanceof Number number ? number.longValue() : 0;
  }

  private void stop() {
    if (run != null) {
      run.close();
      run = null;
    }
  }

  @Override
  public void close() {
    stop();
  }
}
