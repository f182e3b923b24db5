package io.orderflow.sink.apply;

import java.util.ArrayDeque;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Watches what share of the records is bad, over those dealt with last. A wrong configuration makes
 * all of them bad, and would otherwise drain a topic into the dead-letter queue.
 */
final class DeadLetterRatio {

  private record Step(int records, int bad) {}

  private final double max;
  private final int window;
  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private long records;
  private long bad;

  /**
   * @param max from 0 to 1; 1 lets everything pass
   * @param window how many records are looked at, at least
   */
  DeadLetterRatio(double max, int window) {
    this.max = max;
    this.window = window;
  }

  /**
   * Counts records that are taken on, and those that turn out to be bad, be it later.
   *
   * @param taken all of them, the bad ones included
   * @throws ConnectException when too many of the last ones are bad
   */
  void count(int taken, int badOnes) {
    if (taken == 0 && badOnes == 0) {
      // Connect asks all day long, and each step would be kept until enough records have come.
      return;
    }
    steps.add(new Step(taken, badOnes));
    records += taken;
    bad += badOnes;
    while (records - steps.element().records() >= window) {
      Step oldest = steps.remove();
      records -= oldest.records();
      bad -= oldest.bad();
    }
    if (badOnes > 0 && records >= window && bad > max * records) {
      throw new ConnectException(
          "expected at most a share of "
              + max
              + " of bad records, found "
              + bad
              + " among the last "
              + records
              + ". This looks like a wrong setting rather than wrong records: see what the newest"
              + " records in the dead-letter queue say in their headers, mend it, restart the task,"
              + " and put the dead letters back. If the records are bad indeed, set"
              + " dead.letter.max.ratio=1.");
    }
  }
}
