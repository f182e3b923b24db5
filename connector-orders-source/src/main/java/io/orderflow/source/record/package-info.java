/** Edge out: order events as records of Connect. */
@NullMarked
package io.orderflow.source.record;

import org.jspecify.annotations.NullMarked;
