/** The sink against other ways to bring the same records into PostgreSQL. */
@NullMarked
package io.orderflow.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
