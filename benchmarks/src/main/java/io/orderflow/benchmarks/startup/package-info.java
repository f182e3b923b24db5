/**
 * {@code run.sh start-up}: the start-up time of workers and connectors, and how it depends on
 * plugins.
 */
@NullMarked
package io.orderflow.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
