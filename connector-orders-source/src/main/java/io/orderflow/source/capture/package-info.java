/** The one loop around both captures: waits, retries, and says what stops a task. */
@NullMarked
package io.orderflow.source.capture;

import org.jspecify.annotations.NullMarked;
