package io.orderflow.common.metrics;

/**
 * Which task of a worker.
 *
 * @param plugin {@code orders-source} or {@code inventory-sink}
 * @param connector as it is named in Connect
 * @param number from 0
 */
public record TaskName(String plugin, String connector, String number) {}
