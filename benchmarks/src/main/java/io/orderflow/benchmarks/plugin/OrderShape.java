package io.orderflow.benchmarks.plugin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/** An order event as the orders source makes it from the example shop, decimals as text. */
final class OrderShape {

  private static final Schema ITEM =
      SchemaBuilder.struct()
          .name("\"public\".\"order_items\"")
          .version(1)
          .field("order_id", Schema.INT64_SCHEMA)
          .field("line_no", Schema.INT32_SCHEMA)
          .field("sku", Schema.STRING_SCHEMA)
          .field("quantity", Schema.INT32_SCHEMA)
          .field("unit_price", Schema.STRING_SCHEMA)
          .build();

  private static final Schema ORDER =
      SchemaBuilder.struct()
          .name("\"public\".\"orders\"")
          .version(1)
          .field("id", Schema.INT64_SCHEMA)
          .field("customer", Schema.STRING_SCHEMA)
          .field("status", Schema.STRING_SCHEMA)
          .field("total", Schema.STRING_SCHEMA)
          .field("currency", Schema.STRING_SCHEMA)
          .field("created_at", Timestamp.SCHEMA)
          .field("updated_at", Timestamp.SCHEMA)
          .field("version", Schema.INT64_SCHEMA)
          .field("items", SchemaBuilder.array(ITEM).build())
          .build();

  private OrderShape() {}

  static Struct order(long id) {
    List<Struct> items = new ArrayList<>();
    for (int line = 1; line <= 2 + id % 2; line++) {
      items.add(
          new Struct(ITEM)
              .put("order_id", id)
              .put("line_no", line)
              .put("sku", "SKU-" + (id * 7 + line * 13L) % 10_000)
              .put("quantity", 1 + (int) (id % 3))
              .put("unit_price", "9.99"));
    }
    Date now = Date.from(Instant.now());
    return new Struct(ORDER)
        .put("id", id)
        .put("customer", "customer-" + id % 50_000)
        .put("status", "PENDING")
        .put("total", id % 1_000 + ".50")
        .put("currency", "EUR")
        .put("created_at", now)
        .put("updated_at", now)
        .put("version", 1L)
        .put("items", items);
  }
}
