/** Looks, before a connector starts, for what would stand in its way. */
@NullMarked
package io.orderflow.source.preflight;

import org.jspecify.annotations.NullMarked;
