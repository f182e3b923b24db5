/** What the measurements of both connectors have in common. */
@NullMarked
package io.orderflow.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
