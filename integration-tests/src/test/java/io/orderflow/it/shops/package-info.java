/** The recipes of {@code config-examples/shops}, from a shop's tables to the warehouse. */
@NullMarked
package io.orderflow.it.shops;

import org.jspecify.annotations.NullMarked;
