package io.orderflow.quickstart.observe;

import java.time.Duration;
import java.util.Map;

/**
 * The figures that are shown while the shop is open.
 *
 * @param activity a few words, such as "the shop is open"
 * @param elapsed since the shop opened
 * @param planned how long it is to be open
 * @param past orders that existed before capture began
 * @param pastApplied how many of them are in the warehouse
 * @param committed versions of orders that the shop has committed since it opened
 * @param captured how many of them, or a later version of their order, are in the topic
 * @param events records in the topic: versions replaced before the capture read them have none
 * @param applied how many of the committed are in the warehouse
 * @param latency of the last 10 seconds, from the shop's commit to the warehouse's
 * @param outcomes by state, how many orders the warehouse has
 * @param payments versions that the payment service has sent
 * @param paymentsApplied how many of them are in the warehouse
 * @param tasks a few words, such as "4 of 4 tasks running on 2 workers"
 */
public record Figures(
    String activity,
    Duration elapsed,
    Duration planned,
    long past,
    long pastApplied,
    long committed,
    long captured,
    long events,
    long applied,
    Percentiles latency,
    Map<String, Long> outcomes,
    long payments,
    long paymentsApplied,
    String tasks) {

  /** How many versions of orders and payments are not in the warehouse yet. */
  public long lag() {
    return past - pastApplied + committed - applied + payments - paymentsApplied;
  }

  /** How many orders are in a state. */
  public long outcome(String state) {
    return outcomes.getOrDefault(state, 0L);
  }
}
