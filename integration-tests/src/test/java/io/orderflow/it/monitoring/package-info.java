/** What Prometheus sees of a stack that works, and of one that does not. */
@NullMarked
package io.orderflow.it.monitoring;

import org.jspecify.annotations.NullMarked;
