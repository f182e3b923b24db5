/** The slot, its publication and its stream, tested with a real server. */
@NullMarked
package io.orderflow.source.log.slot;

import org.jspecify.annotations.NullMarked;
