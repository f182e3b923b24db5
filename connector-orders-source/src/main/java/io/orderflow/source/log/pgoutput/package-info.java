/** PostgreSQL's pgoutput protocol: bytes in, messages out. Pure. */
@NullMarked
package io.orderflow.source.log.pgoutput;

import org.jspecify.annotations.NullMarked;
