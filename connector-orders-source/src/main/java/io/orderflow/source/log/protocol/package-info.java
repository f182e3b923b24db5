/** PostgreSQL's pgoutput protocol: bytes in, messages out. Knows neither Kafka nor JDBC. */
@NullMarked
package io.orderflow.source.log.protocol;

import org.jspecify.annotations.NullMarked;
