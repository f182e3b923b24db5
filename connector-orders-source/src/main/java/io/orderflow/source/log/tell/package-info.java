/** Pure: database transactions in, what is told of each order out. */
@NullMarked
package io.orderflow.source.log.tell;

import org.jspecify.annotations.NullMarked;
