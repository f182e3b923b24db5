/** The schema of orders: which tables and columns are captured, and their types. Pure. */
@NullMarked
package io.orderflow.source.schema;

import org.jspecify.annotations.NullMarked;
