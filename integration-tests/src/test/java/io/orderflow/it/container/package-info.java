/** Kafka and PostgreSQL in containers, in place of the stack's own processes. */
@NullMarked
package io.orderflow.it.container;

import org.jspecify.annotations.NullMarked;
