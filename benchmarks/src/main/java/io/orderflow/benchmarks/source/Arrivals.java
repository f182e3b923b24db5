package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.WrongContentException.expect;

import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.measure.Running;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The times at which orders with their items reached a consumer, by this machine's clock. A thread
 * of its own polls; an order's time may be read once {@link #awaitAll} has returned.
 */
final class Arrivals implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final LongToIntFunction recordsOf;
  private final long[] micros;
  private final int[] records;
  private final Thread thread;
  private volatile long first = Long.MAX_VALUE;
  private volatile long whole;
  private volatile boolean stopped;

  /**
   * Begins to read.
   *
   * @param recordsOf the number of records of an order
   * @param maxId the largest ID of an order
   */
  Arrivals(KafkaConsumer<byte[], byte[]> consumer, LongToIntFunction recordsOf, int maxId) {
    this.consumer = consumer;
    this.recordsOf = recordsOf;
    this.micros = new long[maxId + 1];
    this.records = new int[maxId + 1];
    this.thread = new Thread(this::run, "arrivals");
    thread.start();
  }

  private void run() {
    while (!stopped) {
      var polled = consumer.poll(POLL);
      if (!polled.isEmpty()) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        polled.forEach(record -> take(record, now));
      }
    }
    consumer.close();
  }

  private void take(ConsumerRecord<byte[], byte[]> record, long now) {
    int id = (int) orderId(record.key());
    micros[id] = now;
    first = Math.min(first, id);
    if (++records[id] == recordsOf.applyAsInt(id)) {
      // This thread alone writes it.
      long before = whole;
      whole = before + 1;
    }
  }

  /** The first number in a key: the ID alone, or the first field of a struct in JSON. */
  static long orderId(byte[] key) {
    int at = 0;
    while (key[at] < '0' || key[at] > '9') {
      at++;
    }
    long id = 0;
    for (; at < key.length && key[at] >= '0' && key[at] <= '9'; at++) {
      id = 10 * id + key[at] - '0';
    }
    return id;
  }

  /** How many orders have arrived with all their items. */
  long whole() {
    return whole;
  }

  /**
   * Returns once all orders up to this one have arrived, each once. Those before the first one that
   * arrived were placed before the contestant had begun, and not every one captures them.
   */
  void awaitAll(long last, Running running) throws Exception {
    Waiting.until(
        "Arrival of " + last + " orders",
        LOOK,
        () -> {
          running.failIfEnded();
          return whole > last - first;
        });
    for (int id = (int) first; id <= last; id++) {
      expect("records of order " + id, recordsOf.applyAsInt(id), records[id]);
    }
  }

  /** When the last record of an order arrived, in microseconds since the epoch. */
  long micros(long id) {
    return micros[(int) id];
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
