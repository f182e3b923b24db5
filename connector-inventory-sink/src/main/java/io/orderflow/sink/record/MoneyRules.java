package io.orderflow.sink.record;

import java.util.Map;

/**
 * How amounts due and payments are read.
 *
 * @param due amounts due in order events
 * @param paid amounts of payments
 * @param statuses of payments with IDs of their own
 * @param deletions whether deleting such a payment takes its amount back; otherwise deletions are
 *     ignored
 */
public record MoneyRules(Amounts due, Amounts paid, PaymentStatuses statuses, boolean deletions) {

  private static final Amounts MAJOR_UNITS = new Amounts("", AmountUnit.MAJOR, null);

  /** Amounts are in the currency's own unit, and no status of a payment has a meaning. */
  public static final MoneyRules PLAIN =
      new MoneyRules(MAJOR_UNITS, MAJOR_UNITS, new PaymentStatuses(Map.of(), null), true);
}
