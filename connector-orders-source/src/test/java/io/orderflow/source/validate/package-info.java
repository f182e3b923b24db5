/** Findings before the start, tested with real databases. */
@NullMarked
package io.orderflow.source.validate;

import org.jspecify.annotations.NullMarked;
