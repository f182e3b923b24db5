/** Order events. Pure: knows neither Kafka nor JDBC. */
@NullMarked
package io.orderflow.source.event;

import org.jspecify.annotations.NullMarked;
