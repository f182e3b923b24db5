/** A simulated shop: its database, its customers and its payment service. */
@NullMarked
package io.orderflow.quickstart.shop;

import org.jspecify.annotations.NullMarked;
