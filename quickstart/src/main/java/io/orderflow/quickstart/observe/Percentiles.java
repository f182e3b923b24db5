package io.orderflow.quickstart.observe;

/**
 * A distribution of latencies.
 *
 * @param count how many there are; the others are 0 if there are none
 * @param p50 milliseconds
 * @param p99 milliseconds
 */
public record Percentiles(int count, double p50, double p99) {}
