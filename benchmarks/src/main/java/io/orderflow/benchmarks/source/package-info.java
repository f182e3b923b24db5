/** {@code run.sh source}: ways to bring a shop's orders into a topic, and how they are measured. */
@NullMarked
package io.orderflow.benchmarks.source;

import org.jspecify.annotations.NullMarked;
