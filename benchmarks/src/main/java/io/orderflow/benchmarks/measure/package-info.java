/** The parts that the measurements of both connectors share. */
@NullMarked
package io.orderflow.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
