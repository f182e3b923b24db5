/** Query capture: pages of orders after each shard's offset, read with plain SQL. */
@NullMarked
package io.orderflow.source.query;

import org.jspecify.annotations.NullMarked;
