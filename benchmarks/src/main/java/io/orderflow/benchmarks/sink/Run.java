package io.orderflow.benchmarks.sink;

/**
 * What a contestant is to do.
 *
 * @param database with the shipped tables
 */
record Run(Workload workload, int tasks, String database) {}
