package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.update.PaymentState;
import org.jspecify.annotations.Nullable;

/**
 * A payment as it is written.
 *
 * @param orderId null if the payment belongs to no known order
 */
record OrderPaymentRow(OrderPayment payment, @Nullable Object orderId) {

  /**
   * The row of a payment. The record of a deletion has no order: its row keeps the stored one.
   *
   * @param storedOrderId null if no payment is stored, or one of no order
   */
  static OrderPaymentRow of(OrderPayment payment, @Nullable Object storedOrderId) {
    return new OrderPaymentRow(
        payment, payment.state() == PaymentState.DELETED ? storedOrderId : payment.orderId());
  }
}
