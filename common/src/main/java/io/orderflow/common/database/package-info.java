/** Connections to PostgreSQL, and the names of its tables. */
@NullMarked
package io.orderflow.common.database;

import org.jspecify.annotations.NullMarked;
