package io.orderflow.source;

import io.orderflow.source.fixture.CommitRequests;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Runs a task that ends Kafka transactions itself, and keeps what a worker would commit: records
 * and offsets together where the task asks for it, and nothing when it is stopped.
 */
final class CommittedRun implements AutoCloseable {

  private final Map<String, String> settings;
  private final InstantSource clock;
  private final CommitRequests requests = new CommitRequests();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final List<List<Object>> committed = new ArrayList<>();
  private final List<Object> open = new ArrayList<>();

  private Map<Map<String, ?>, Map<String, ?>> sent = new HashMap<>();
  private CaptureRun run;

  CommittedRun(Map<String, String> settings) {
    this(settings, InstantSource.system());
  }

  /** Starts a task with a clock for Kafka transactions. */
  CommittedRun(Map<String, String> settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    run = new CaptureRun(settings, sent, requests, clock);
  }

  /** Returns the records of the next poll. */
  List<SourceRecord> poll() {
    List<SourceRecord> records = run.poll();
    records.forEach(record -> open.add(record.key()));
    if (requests.taken()) {
      committed.add(List.copyOf(open));
      open.clear();
      offsets.putAll(sent);
      run.delivered();
    }
    return records;
  }

  /** Polls until records are returned, and returns their number. */
  int part() {
    for (int i = 0; i < 500; i++) {
      int size = poll().size();
      if (size > 0) {
        return size;
      }
    }
    throw new AssertionError("expected records, found none");
  }

  /** Polls until a number of transactions are committed. */
  void awaitCommitted(int transactions) {
    for (int i = 0; i < 10_000 && committed.size() < transactions; i++) {
      poll();
    }
  }

  /** Stops the task, and starts another at the committed offsets. */
  void restart() {
    run.close();
    open.clear();
    sent = new HashMap<>(offsets);
    run = new CaptureRun(settings, sent, requests, clock);
  }

  /** The keys of each committed transaction. */
  List<List<Object>> committed() {
    return List.copyOf(committed);
  }

  /** The keys of the open transaction. */
  List<Object> open() {
    return List.copyOf(open);
  }

  double metric(String name) {
    return run.metric(name);
  }

  @Override
  public void close() {
    run.close();
  }
}
