/** The series and alerts of Prometheus on a stack that works and on one that fails. */
@NullMarked
package io.orderflow.it.monitoring;

import org.jspecify.annotations.NullMarked;
