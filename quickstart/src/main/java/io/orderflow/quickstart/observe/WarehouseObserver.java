package io.orderflow.quickstart.observe;

import io.orderflow.quickstart.setup.Rows;
import io.orderflow.quickstart.shop.OrderVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Looks into the warehouse for versions that have not arrived there yet. Latency is the time from
 * the commit in the shop to the commit in the warehouse, as both databases stamped them
 * (PostgreSQL's {@code track_commit_timestamp}), so the time of the look is not part of it. A
 * version that a later one has replaced before the look counts as arrived and is not timed. For one
 * thread.
 */
final class WarehouseObserver {

  private static final String ORDERS =
      """
      SELECT order_id, version,
             (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint
      FROM order_inventory WHERE order_id = ANY (?)
      """;

  private static final String PAYMENTS =
      "SELECT order_id, version FROM payments WHERE order_id = ANY (?) AND version IS NOT NULL";

  private static final String SHOP_COMMITS =
      """
      SELECT id, (extract(epoch FROM pg_xact_commit_timestamp(id::text::xid8::xid)) * 1000000)::bigint
      FROM unnest(?) AS id
      """;

  private record Applied(long transaction, long atMicros) {}

  private final Connection shop;
  private final Connection warehouse;
  private final Progress orders;
  private final Progress payments;
  private final LatencyWindow latencies;

  WarehouseObserver(
      Connection shop,
      Connection warehouse,
      Progress orders,
      Progress payments,
      LatencyWindow latencies) {
    this.shop = shop;
    this.warehouse = warehouse;
    this.orders = orders;
    this.payments = payments;
    this.latencies = latencies;
  }

  /** Marks what has arrived since the look before. */
  void look() throws SQLException {
    List<Applied> applied = new ArrayList<>();
    Set<Long> awaited = orders.awaitedOrders();
    Rows.each(
        warehouse,
        ORDERS,
        awaited,
        row -> {
          long atMicros = row.getLong(3);
          orders
              .seen(new OrderVersion(row.getLong(1), row.getLong(2)))
              .ifPresent(transaction -> applied.add(new Applied(transaction, atMicros)));
        });
    time(applied);
    Rows.each(
        warehouse,
        PAYMENTS,
        payments.awaitedOrders(),
        row -> payments.seen(new OrderVersion(row.getLong(1), row.getLong(2))));
  }

  private void time(List<Applied> applied) throws SQLException {
    Map<Long, Long> committed = new HashMap<>();
    Set<Long> transactions = Set.copyOf(applied.stream().map(Applied::transaction).toList());
    Rows.each(
        shop, SHOP_COMMITS, transactions, row -> committed.put(row.getLong(1), row.getLong(2)));
    for (Applied each : applied) {
      latencies.add(Objects.requireNonNull(committed.get(each.transaction())), each.atMicros());
    }
  }
}
