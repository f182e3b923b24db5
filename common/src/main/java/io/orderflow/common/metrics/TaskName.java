package io.orderflow.common.metrics;

/**
 * Identifies a task in metrics.
 *
 * @param plugin {@code orders-source} or {@code inventory-sink}
 * @param connector the connector's name in Connect
 * @param number from 0
 */
public record TaskName(String plugin, String connector, String number) {}
