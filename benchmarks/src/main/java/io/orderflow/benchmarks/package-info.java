/** Measures the connectors on the local stack, each run's result checked for content. */
@NullMarked
package io.orderflow.benchmarks;

import org.jspecify.annotations.NullMarked;
