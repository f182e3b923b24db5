package io.orderflow.benchmarks.source;

import org.jspecify.annotations.Nullable;

/** What a run came to. */
interface Outcome {
  /** Why it failed, else null. */
  @Nullable String problem();

  default boolean failed() {
    return problem() != null;
  }
}
