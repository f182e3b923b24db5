package io.orderflow.sink;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.record.Fields.PaymentFields;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The settings that name the fields of payment updates. */
final class PaymentFieldSettings {

  private static final String PAYMENT_ORDER_ID = "payment.order.id.field";
  private static final String PAYMENT_ID = "payment.id.field";
  private static final String PAYMENT_VERSION = "payment.version.field";
  private static final String PAYMENT_STATUS = "payment.status.field";
  private static final String PAYMENT_AMOUNT = "payment.amount.field";
  private static final String PAYMENT_REFUNDED = "payment.refunded.field";
  private static final String PAYMENT_CURRENCY = "payment.currency.field";
  private static final String PAYMENT_PROVIDER = "payment.provider.field";
  private static final String PAYMENT_REFERENCE = "payment.reference.field";

  private PaymentFieldSettings() {}

  static SettingsGroup group(PaymentFields fields) {
    return SettingsGroup.of(
        "Fields of payment updates",
        FieldSettings.field(
            PAYMENT_ORDER_ID,
            fields.orderId(),
            "ID of the paid order; it may also be in the record key. With payment.id.field it is in the"
                + " value, and null for a payment of no order."),
        Setting.of(PAYMENT_ID, Type.LIST)
            .defaultsTo(List.of())
            .low()
            .documented(
                "ID of the payment itself, unique among all payments: an order may then have several"
                    + " payments and refunds, and their sums are in table.payment.totals. Several"
                    + " fields, such as order_id,number, are the ID together. By default each order has"
                    + " one payment."),
        FieldSettings.field(
            PAYMENT_VERSION, fields.version(), "Version, which grows with each update."),
        FieldSettings.fields(
            PAYMENT_STATUS,
            fields.status(),
            "Status of the payment, or its kind. With payment.id.field, the settings"
                + " payment.status.* map it; of several fields, the first whose content is mapped"
                + " decides. Without, the first field is stored unchanged."),
        FieldSettings.field(PAYMENT_AMOUNT, fields.amount(), "Amount that was paid, or refunded."),
        FieldSettings.optional(
            PAYMENT_REFUNDED,
            "With payment.id.field, the amount of a paid payment that has been refunded so far, if its"
                + " own record contains it."),
        FieldSettings.field(PAYMENT_CURRENCY, fields.currency(), "Currency of the paid amount."),
        FieldSettings.field(PAYMENT_PROVIDER, fields.provider(), "Payment provider."),
        FieldSettings.field(
            PAYMENT_REFERENCE, fields.reference(), "The provider's ID of the payment."));
  }

  /** Whether payments have IDs of their own. */
  static boolean hasPaymentIds(AbstractConfig config) {
    return !config.getList(PAYMENT_ID).isEmpty();
  }

  static PaymentFields fields(AbstractConfig config) {
    return new PaymentFields(
        FieldSettings.path(config, PAYMENT_ORDER_ID),
        FieldSettings.paths(config, PAYMENT_ID),
        FieldSettings.path(config, PAYMENT_VERSION),
        FieldSettings.paths(config, PAYMENT_STATUS),
        FieldSettings.path(config, PAYMENT_AMOUNT),
        FieldSettings.pathIfSet(config, PAYMENT_REFUNDED),
        FieldSettings.path(config, PAYMENT_CURRENCY),
        FieldSettings.path(config, PAYMENT_PROVIDER),
        FieldSettings.path(config, PAYMENT_REFERENCE));
  }
}
