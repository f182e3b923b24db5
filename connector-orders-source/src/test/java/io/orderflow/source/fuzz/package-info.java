/** Compares both captures with the shop's own records, over generated tables and histories. */
@NullMarked
package io.orderflow.source.fuzz;

import org.jspecify.annotations.NullMarked;
