package io.orderflow.sink;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.sink.config.ConfigKeys;
import io.orderflow.sink.record.ItemRules;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

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
          Setting.of(ConfigKeys.QUANTITY_DEFAULT, Type.LONG)
              .optional()
              .validatedBy(Validators.atLeast(1))
              .documented(
                  "Quantity of items without one, such as 1 where each item is one piece. If it is not"
                      + " set, the record is a bad record."));

  private ItemSettings() {}

  static ItemRules rules(AbstractConfig config) {
    List<String> skipped = config.getList(ConfigKeys.ITEMS_SKIP);
    return new ItemRules(
        config.getLong(ConfigKeys.QUANTITY_DEFAULT),
        skipped.contains(WITHOUT_SKU),
        skipped.contains(WITHOUT_QUANTITY));
  }
}
