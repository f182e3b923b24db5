package io.orderflow.common.database;

/**
 * How a pool of connections is used.
 *
 * @param active connections with a transaction
 * @param idle connections without
 * @param waiting threads that wait for a connection
 */
public record PoolUse(int active, int idle, int waiting) {}
