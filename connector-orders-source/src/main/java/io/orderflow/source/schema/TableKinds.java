package io.orderflow.source.schema;

import io.orderflow.common.database.TableName;
import java.util.Map;

/**
 * The kinds of the captured tables.
 *
 * @param items {@link TableKind#PLAIN} if an order is a single row
 * @param watched the kinds of watched tables that are not plain
 */
public record TableKinds(TableKind orders, TableKind items, Map<TableName, TableKind> watched) {

  /** All tables are without partitions and parents. */
  public static final TableKinds PLAIN = new TableKinds(TableKind.PLAIN, TableKind.PLAIN, Map.of());

  public TableKinds {
    watched = Map.copyOf(watched);
  }

  /** The kind of a watched table. */
  public TableKind of(TableName table) {
    return watched.getOrDefault(table, TableKind.PLAIN);
  }
}
