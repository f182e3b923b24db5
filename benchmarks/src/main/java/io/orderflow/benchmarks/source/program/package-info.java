/**
 * Programs without Connect that bring orders into a topic: the limits of throughput and latency.
 * They know the example shop's columns, and values that JSON need not escape.
 */
@NullMarked
package io.orderflow.benchmarks.source.program;

import org.jspecify.annotations.NullMarked;
