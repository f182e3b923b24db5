/** The one-command demo: a shop that sells, and what becomes of its orders. */
@NullMarked
package io.orderflow.quickstart;

import org.jspecify.annotations.NullMarked;
