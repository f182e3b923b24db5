/** Records that can never be applied, and their way to the dead-letter queue. */
@NullMarked
package io.orderflow.sink.deadletter;

import org.jspecify.annotations.NullMarked;
