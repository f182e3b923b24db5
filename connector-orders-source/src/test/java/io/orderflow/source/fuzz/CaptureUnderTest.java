package io.orderflow.source.fuzz;

import io.orderflow.source.CaptureRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Runs a capture as a worker does, and keeps the events whose offsets are committed. */
final class CaptureUnderTest implements AutoCloseable {

  private final Map<String, String> settings;
  private final ShopLog log;
  private final List<CapturedEvent> events = new ArrayList<>();
  private Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private Map<Map<String, ?>, Map<String, ?>> committed = new HashMap<>();
  private int committedEvents;
  private @Nullable CaptureRun run;

  CaptureUnderTest(Map<String, String> settings, ShopLog log) {
    this.settings = settings;
    this.log = log;
  }

  /** The events so far. */
  List<CapturedEvent> events() {
    return events;
  }

  /** Polls once; returns the number of events. */
  int poll() {
    CaptureRun running = running();
    int count = 0;
    for (SourceRecord record : running.poll()) {
      if (record.topic().equals("orders")) {
        events.add(CapturedEvent.of(record, log.last()));
        count++;
      }
    }
    return count;
  }

  private CaptureRun running() {
    CaptureRun running = run;
    if (running == null) {
      running = new CaptureRun(settings, offsets);
      run = running;
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
    if (committed.isEmpty()) {
      return;
    }
    if (!killed) {
      commit();
    }
    stop();
    offsets = new HashMap<>(committed);
    events.subList(committedEvents, events.size()).clear();
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
