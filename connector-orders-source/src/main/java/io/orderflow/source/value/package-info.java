/** The values of columns as events hold them, read from the text that PostgreSQL writes. Pure. */
@NullMarked
package io.orderflow.source.value;

import org.jspecify.annotations.NullMarked;
