/** The metrics of tasks, and the registries that publish them. */
@NullMarked
package io.orderflow.common.metrics;

import org.jspecify.annotations.NullMarked;
