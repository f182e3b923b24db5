/** The input edge: reads orders with their items, each set of orders in one database snapshot. */
@NullMarked
package io.orderflow.source.read;

import org.jspecify.annotations.NullMarked;
