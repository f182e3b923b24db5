/** The output edge: records of Connect from order events. */
@NullMarked
package io.orderflow.source.record;

import org.jspecify.annotations.NullMarked;
