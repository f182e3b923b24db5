/**
 * Log capture: {@code slot} and {@code protocol} read, {@code assembly} and {@code tell} make
 * events.
 */
@NullMarked
package io.orderflow.source.log;

import org.jspecify.annotations.NullMarked;
