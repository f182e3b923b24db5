package io.orderflow.benchmarks.source;

/**
 * What a contestant is to do.
 *
 * @param name of this run alone; topics and connectors have it in their names
 * @param orders that are in the database when it begins
 */
record Run(String name, String database, int orders, int tasks) {}
