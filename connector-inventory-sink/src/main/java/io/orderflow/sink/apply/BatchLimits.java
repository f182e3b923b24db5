package io.orderflow.sink.apply;

import java.time.Duration;

/**
 * The maximum size of a batch, which is one transaction, and how long it waits for more records.
 *
 * @param records maximum number of records
 * @param bytes maximum estimated size in memory; a single larger record is a batch of its own
 * @param linger maximum wait, from the arrival of the first record, of a batch that is not full
 */
public record BatchLimits(int records, long bytes, Duration linger) {

  /** Whether one more record fits the batch. The first always does. */
  boolean fits(int size, long sizeInBytes, long more) {
    return size == 0 || (size < records && sizeInBytes + more <= bytes);
  }

  boolean isFull(int size, long sizeInBytes) {
    return size >= records || sizeInBytes >= bytes;
  }
}
