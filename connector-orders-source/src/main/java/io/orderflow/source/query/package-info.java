/** Edge in: pages of rows, read with plain SQL. */
@NullMarked
package io.orderflow.source.query;

import org.jspecify.annotations.NullMarked;
