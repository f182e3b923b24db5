package io.orderflow.sink.deadletter;

import java.util.ArrayDeque;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Watches the share of bad records among the last ones. A wrong setting makes all records bad, and
 * would otherwise drain a topic into the dead-letter queue.
 */
final class DeadLetterRatio {

  private record Sample(int records, int bad) {}

  private final double max;
  private final int window;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private long records;
  private long bad;

  /**
   * Creates a ratio over no records.
   *
   * @param max from 0 to 1; 1 allows any number of bad records
   * @param window the minimum number of records that the ratio is computed over
   */
  DeadLetterRatio(double max, int window) {
    this.max = max;
    this.window = window;
  }

  /**
   * Counts records. A bad record may be counted as bad later than as a record.
   *
   * @param newRecords all of them, the bad ones included
   * @throws ConnectException if too many of the last records are bad
   */
  void count(int newRecords, int newBad) {
    if (newRecords == 0 && newBad == 0) {
      // Connect calls all day long without records; each sample would be kept.
      return;
    }
    samples.add(new Sample(newRecords, newBad));
    records += newRecords;
    bad += newBad;
    while (records - samples.element().records() >= window) {
      Sample oldest = samples.remove();
      records -= oldest.records();
      bad -= oldest.bad();
    }
    if (newBad > 0 && records >= window && bad > max * records) {
      throw new ConnectException(
          bad
              + " of the last "
              + records
              + " records are bad, more than dead.letter.max.ratio="
              + max
              + " allows. This looks like a wrong setting rather than bad records: read the error"
              + " headers of the newest records in the dead-letter queue, fix the setting, restart"
              + " the task and replay the dead letters. If the records are bad indeed, set"
              + " dead.letter.max.ratio=1.");
    }
  }
}
