/** The core: tables, positions and order events. Knows neither Kafka nor JDBC. */
@NullMarked
package io.orderflow.source.event;

import org.jspecify.annotations.NullMarked;
