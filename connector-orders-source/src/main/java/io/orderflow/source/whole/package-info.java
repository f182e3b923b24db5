/** Edge in: whole orders, each with its items, as of one snapshot. */
@NullMarked
package io.orderflow.source.whole;

import org.jspecify.annotations.NullMarked;
