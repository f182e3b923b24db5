/** Pure: messages of the log in, transactions assembled, order events out. */
@NullMarked
package io.orderflow.source.log.change;

import org.jspecify.annotations.NullMarked;
