/** The plugin that the worker loads: a sink and a source that do nothing, and a fast converter. */
@NullMarked
package io.orderflow.benchmarks.plugin;

import org.jspecify.annotations.NullMarked;
