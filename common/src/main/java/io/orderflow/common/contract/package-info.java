/** The names that the orders source and the inventory sink share. */
@NullMarked
package io.orderflow.common.contract;

import org.jspecify.annotations.NullMarked;
