/** The decoder, tested with what a real server sent. */
@NullMarked
package io.orderflow.source.log.pgoutput;

import org.jspecify.annotations.NullMarked;
