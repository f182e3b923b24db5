/** Faults that could stop a task silently, and the watchdog that looks for such tasks. */
@NullMarked
package io.orderflow.it.watchdog;

import org.jspecify.annotations.NullMarked;
