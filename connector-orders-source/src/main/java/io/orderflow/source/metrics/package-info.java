/** The metrics of a source task. */
@NullMarked
package io.orderflow.source.metrics;

import org.jspecify.annotations.NullMarked;
