package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.sink.config.ConfigKeys;
import io.orderflow.sink.record.ItemRules;
import io.orderflow.sink.record.Quantity;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.jspecify.annotations.Nullable;

/** How the items of orders and inventory updates are read. */
final class ItemSettings {

  private static final String WITHOUT_SKU = "without-sku";
  private static final String WITHOUT_QUANTITY = "without-quantity";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Items",
          Setting.of(ConfigKeys.ITEMS_SKIP, Type.LIST)
              .defaultsTo(List.of())
              .validatedBy(ConfigDef.ValidList.in(WITHOUT_SKU, WITHOUT_QUANTITY))
              .documented(
                  "Items that are left out instead of making the record a bad record. without-sku:"
                      + " items without an SKU, such as notes. without-quantity: items with a quantity"
                      + " of 0 or less. The metric items-skipped counts them."),
          Setting.of(ConfigKeys.QUANTITY_SCALE, Type.INT)
              .defaultsTo(0)
              .between(0, Quantity.MAX_SCALE)
              .documented(
                  "Decimals of a quantity: 3 for goods that are sold by weight or length, such as"
                      + " 1.250. The tables count in steps of the last decimal, so they must have been"
                      + " created with the same number, which the view stock_scale shows. A quantity"
                      + " with more decimals makes a bad record."),
          Setting.of(ConfigKeys.QUANTITY_DEFAULT, Type.STRING)
              .optional()
              .validatedBy(
                  Validators.emptyOr(
                      Validators.parsedBy(
                          text -> Quantity.parse(text, Quantity.MAX_SCALE), "a quantity")))
              .documented(
                  "Quantity of items without one, such as 1 where each item is one piece. If it is not"
                      + " set, the record is a bad record."));

  private ItemSettings() {}

  static ItemRules rules(AbstractConfig config) {
    List<String> skipped = config.getList(ConfigKeys.ITEMS_SKIP);
    return new ItemRules(
        config.getInt(ConfigKeys.QUANTITY_SCALE),
        defaultQuantity(config),
        skipped.contains(WITHOUT_SKU),
        skipped.contains(WITHOUT_QUANTITY));
  }

  private static @Nullable Long defaultQuantity(AbstractConfig config) {
    String quantity = config.getString(ConfigKeys.QUANTITY_DEFAULT);
    return quantity == null || quantity.isBlank()
        ? null
        : (Long) Quantity.parse(quantity, config.getInt(ConfigKeys.QUANTITY_SCALE));
  }

  /** A default quantity with more decimals than quantities have. */
  static List<Finding> findings(AbstractConfig config) {
    try {
      Long unused = defaultQuantity(config);
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(
          new Finding(
              ConfigKeys.QUANTITY_DEFAULT,
              e.getMessage() + ", or raise " + ConfigKeys.QUANTITY_SCALE));
    }
  }
}
