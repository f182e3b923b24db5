package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.OrderIdSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
    List<String> ids = schema.ids().names();
    boolean unique =
        schema.idColumns().stream().noneMatch(Column::nullable)
            && indexes.stream().anyMatch(i -> i.valid() && i.unique() && i.keys().equals(ids));
    return unique
        ? Optional.empty()
        : Optional.of(
            new Finding(
                TableSettings.ORDERS_ID,
                "%s of %s must identify one order, but %s no unique index or may be null: ALTER TABLE %s ADD UNIQUE (%s)%s;"
                    .formatted(
                        ids.size() == 1
                            ? "the column " + ids.get(0)
                            : "the columns " + String.join(", ", ids),
                        tables.orders(),
                        ids.size() == 1 ? "it has" : "they have",
                        tables.orders().quoted(),
                        OrderIdSql.columns(ids, ""),
                        ids.stream()
                            .map(id -> ", ALTER COLUMN %s SET NOT NULL".formatted(quote(id)))
                            .collect(Collectors.joining()))));
  }

  private Optional<Finding> checkItems(TableName table, List<TableIndexes.Index> indexes) {
    List<String> orderId = tables.itemsOrderId();
    boolean indexed = indexes.stream().anyMatch(i -> i.valid() && i.beginsWith(orderId));
    return indexed
        ? Optional.empty()
        : Optional.of(
            new Finding(
                TableSettings.ITEMS_ORDER_ID,
                "%s has no index that begins with %s: CREATE INDEX CONCURRENTLY ON %s (%s);"
                    .formatted(
                        table,
                        String.join(", ", orderId),
                        table.quoted(),
                        OrderIdSql.columns(orderId, ""))));
  }
}
