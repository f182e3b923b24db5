/** The SQL that a shop database needs, for any names of tables and columns. */
@NullMarked
package io.orderflow.source.install;

import org.jspecify.annotations.NullMarked;
