package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.verdict.Verdict.Check;
import io.orderflow.quickstart.verdict.Verdict.Fault;
import java.util.List;

/**
 * The verdict on a shop of {@code config-examples/shops}, whose own account SQL computes.
 *
 * @param differences between the warehouse and the shop's own account, in words
 * @param versions what is in the topic of the orders
 * @param deadLetters records in the sink's dead-letter queue
 * @param oversold SKUs of which more is reserved than is on hand
 * @param drift rows of the view {@code stock_drift}
 */
public record ShopVerdict(
    List<String> differences,
    VersionsTally versions,
    long deadLetters,
    List<String> oversold,
    List<String> drift) {

  /** The same faults as in the verdict on the example shop. */
  public Verdict verdict() {
    return new Verdict(
        List.of(
            Check.of(
                Fault.LOST,
                "SKUs and payments that differ from the shop's own account",
                differences,
                difference -> true),
            Check.count(Fault.LOST, "records in the dead-letter queue", deadLetters),
            Check.count(
                Fault.DUPLICATED, "order events that repeat a version", versions.duplicated()),
            Check.count(
                Fault.STALE, "order events that are older than the one before", versions.stale()),
            Check.of(Fault.OVERSOLD, "SKUs with more reserved than on hand", oversold, sku -> true),
            Check.of(
                Fault.DRIFT, "SKUs that differ from the sum of their orders", drift, sku -> true)));
  }
}
