package io.orderflow.sink.deadletter;

import java.util.Optional;
import org.apache.kafka.common.utils.ExponentialBackoff;

/**
 * What happens to bad records.
 *
 * @param queue topic of the connector's dead-letter queue
 * @param maxRatio maximum share of bad records, from 0 to 1
 * @param window the minimum number of records that the share is computed over
 * @param backoff wait between attempts to write to the queue
 * @param failures what Connect counts of the task
 */
public record DeadLetterSettings(
    Optional<String> queue,
    double maxRatio,
    int window,
    ExponentialBackoff backoff,
    QueueFailures failures) {}
