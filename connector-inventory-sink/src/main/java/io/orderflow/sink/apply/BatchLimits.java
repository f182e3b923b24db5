package io.orderflow.sink.apply;

import java.time.Duration;

/**
 * How large a batch, which is one transaction, may grow, and how long it waits for more.
 *
 * @param records at most
 * @param bytes in memory, estimated; a single larger record makes a batch of its own
 * @param linger from the arrival of the first record, while there are fewer
 */
public record BatchLimits(int records, long bytes, Duration linger) {

  /** Whether one more record has a place in the batch. The first always has. */
  boolean fits(int size, long sizeInBytes, long more) {
    return size == 0 || (size < records && sizeInBytes + more <= bytes);
  }

  boolean isFull(int size, long sizeInBytes) {
    return size >= records || sizeInBytes >= bytes;
  }
}
