/** The initial snapshot of log capture: chunks of orders, read beside the stream of changes. */
@NullMarked
package io.orderflow.source.log.snapshot;

import org.jspecify.annotations.NullMarked;
