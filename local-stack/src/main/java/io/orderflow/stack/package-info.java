/**
 * A Kafka broker, Connect workers and PostgreSQL for tests, demo and benchmarks: as local processes
 * of their own that end with their owner, or servers that already run and are named from outside.
 */
@NullMarked
package io.orderflow.stack;

import org.jspecify.annotations.NullMarked;
