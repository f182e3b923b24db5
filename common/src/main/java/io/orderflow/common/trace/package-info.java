/** Spans of orders on their way from the shop to the warehouse, and what logs say of them. */
@NullMarked
package io.orderflow.common.trace;

import org.jspecify.annotations.NullMarked;
