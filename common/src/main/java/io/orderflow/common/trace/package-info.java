/** Spans and log fields of orders on their way from the source database to the warehouse. */
@NullMarked
package io.orderflow.common.trace;

import org.jspecify.annotations.NullMarked;
