package io.orderflow.source.log.change;

import io.orderflow.source.offset.LogOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of which some orders still have to be looked up.
 *
 * @param tellings for each order of each transaction, in their order
 */
public record Batch(List<Telling> tellings) {

  /**
   * What is to be told of one order for one transaction.
   *
   * @param place of the order among those of its transaction, from 0
   * @param told null where the order has to be looked up
   * @param version that the shop gave it in this transaction; -1 where that is not known
   * @param exact whether it is told as this transaction left it, and not as a look-up shows it
   */
  record Telling(
      DatabaseTransaction transaction,
      int place,
      String orderId,
      @Nullable Told told,
      long version,
      boolean exact) {}

  /** The same without what is told already. */
  public Batch after(LogOffset position) {
    return position.done() == 0
        ? this
        : new Batch(
            tellings.stream()
                .filter(
                    telling ->
                        telling.transaction().commitLsn() != position.lsn()
                            || telling.place() >= position.done())
                .toList());
  }

  /** The same, in parts of at most so many tellings. */
  public List<Batch> parts(int most) {
    List<Batch> parts = new ArrayList<>();
    for (int from = 0; from < tellings.size(); from += most) {
      parts.add(new Batch(tellings.subList(from, Math.min(tellings.size(), from + most))));
    }
    return parts;
  }

  /** The orders to look up, as text. */
  public Set<String> missing() {
    Set<String> missing = new LinkedHashSet<>();
    for (Telling telling : tellings) {
      if (telling.told() == null) {
        missing.add(telling.orderId());
      }
    }
    return missing;
  }
}
