/** The plugin that the benchmark's worker loads: a sink that does nothing, and a fast converter. */
@NullMarked
package io.orderflow.benchmarks.plugin;

import org.jspecify.annotations.NullMarked;
