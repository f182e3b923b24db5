package io.orderflow.sink.plan;

import java.util.Set;

/**
 * The SKUs that orders wait for. A newcomer must not take what comes back while others wait.
 *
 * @param waiting SKUs that at least one order lacks: what a batch gives back is not for newcomers
 * @param due those of them of which stock has come, and is not distributed yet: nothing of it is
 *     for newcomers
 */
public record Queues(Set<String> waiting, Set<String> due) {

  /** Nobody waits. */
  public static final Queues NONE = new Queues(Set.of(), Set.of());

  public Queues {
    waiting = Set.copyOf(waiting);
    due = Set.copyOf(due);
  }
}
