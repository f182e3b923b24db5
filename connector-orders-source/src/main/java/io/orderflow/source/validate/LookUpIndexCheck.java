package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The indexes exist by which one order and its items are found. */
record LookUpIndexCheck(CapturedTables tables, OrderSchema schema) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    checkId(TableIndexes.read(connection, tables.orders())).ifPresent(findings::add);
    TableName items = tables.items();
    if (items != null) {
      checkItems(items, TableIndexes.read(connection, items)).ifPresent(findings::add);
    }
    return findings;
  }

  private Optional<Finding> checkId(List<TableIndexes.Index> indexes) {
    String id = schema.ordersId();
    boolean unique =
        !schema.idColumn().nullable()
            && indexes.stream()
                .anyMatch(i -> i.valid() && i.unique() && i.keys().equals(List.of(id)));
    return unique
        ? Optional.empty()
        : Optional.of(
            new Finding(
                TableSettings.ORDERS_ID,
                "the column %s of %s must identify one order, but it has no unique index or may be null: ALTER TABLE %s ADD UNIQUE (%s), ALTER COLUMN %s SET NOT NULL;"
                    .formatted(
                        id, tables.orders(), tables.orders().quoted(), quote(id), quote(id))));
  }

  private Optional<Finding> checkItems(TableName table, List<TableIndexes.Index> indexes) {
    String orderId = tables.itemsOrderId();
    boolean indexed = indexes.stream().anyMatch(i -> i.valid() && orderId.equals(i.keys().get(0)));
    return indexed
        ? Optional.empty()
        : Optional.of(
            new Finding(
                TableSettings.ITEMS_ORDER_ID,
                "%s has no index that begins with %s: CREATE INDEX CONCURRENTLY ON %s (%s);"
                    .formatted(table, orderId, table.quoted(), quote(orderId))));
  }
}
