package io.orderflow.sink.record;

/**
 * How amounts due and payments are read.
 *
 * @param due amounts due in order events
 * @param paid amounts of payments
 * @param statuses of payments with IDs of their own
 * @param deletions whether deleting such a payment takes its amount back; otherwise deletions are
 *     ignored
 */
public record MoneyRules(Amounts due, Amounts paid, PaymentStatuses statuses, boolean deletions) {}
