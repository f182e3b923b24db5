/** The SQL that a source database needs, for any names of tables and columns. */
@NullMarked
package io.orderflow.source.sql;

import org.jspecify.annotations.NullMarked;
