/** {@code run.sh triggers}: what the triggers of query capture cost the shop. */
@NullMarked
package io.orderflow.benchmarks.triggers;

import org.jspecify.annotations.NullMarked;
