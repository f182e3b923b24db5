/** {@code run.sh start-up}: how long a worker takes until it delivers, and what plugins cost. */
@NullMarked
package io.orderflow.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
