/** Pure: messages of the log in, database transactions out, with their changes by order. */
@NullMarked
package io.orderflow.source.log.assembly;

import org.jspecify.annotations.NullMarked;
