/** Follows orders and payments to the topic and to the warehouse while the shop is open. */
@NullMarked
package io.orderflow.quickstart.observe;

import org.jspecify.annotations.NullMarked;
