/** The replication slot, its publication, and the stream from them. */
@NullMarked
package io.orderflow.source.log.slot;

import org.jspecify.annotations.NullMarked;
