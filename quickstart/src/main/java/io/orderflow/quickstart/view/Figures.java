package io.orderflow.quickstart.view;

import io.orderflow.quickstart.progress.Latency;
import java.time.Duration;
import java.util.Map;

/**
 * What is shown while the shop works.
 *
 * @param activity what goes on, as "the shop is open"
 * @param elapsed since the shop opened
 * @param planned how long it is to be open
 * @param committed versions of orders that the shop has committed, those of past orders included
 * @param captured how many of them, or a later version of their order, are in the topic
 * @param events how many records the topic has: versions overtaken before the capture have none
 * @param applied how many of the committed are in the warehouse
 * @param latency from commit to applied, past orders left out
 * @param outcomes by state, how many orders the warehouse has
 * @param payments versions that the payment service has told
 * @param paymentsApplied how many of them are in the warehouse
 * @param tasks what runs, as "4 of 4 tasks on 2 workers"
 */
public record Figures(
    String activity,
    Duration elapsed,
    Duration planned,
    long committed,
    long captured,
    long events,
    long applied,
    Latency.Percentiles latency,
    Map<String, Long> outcomes,
    long payments,
    long paymentsApplied,
    String tasks) {

  /** How many committed versions of orders and payments the warehouse does not show yet. */
  public long lag() {
    return committed - applied + payments - paymentsApplied;
  }

  /** How many orders are in a state. */
  public long outcome(String state) {
    return outcomes.getOrDefault(state, 0L);
  }
}
