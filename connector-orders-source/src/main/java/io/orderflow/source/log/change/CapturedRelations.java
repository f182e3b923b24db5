package io.orderflow.source.log.change;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RelationColumn;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The captured tables among those that the stream has described, with their order ID columns. */
final class CapturedRelations {

  private final CapturedTables tables;
  private final String orderIdColumn;
  private final Map<Long, CapturedRelation> captured = new HashMap<>();

  CapturedRelations(CapturedTables tables, String orderIdColumn) {
    this.tables = tables;
    this.orderIdColumn = orderIdColumn;
  }

  /** Which of the captured tables a relation is. */
  enum Role {
    ORDERS,
    ITEMS
  }

  /**
   * A captured table.
   *
   * @param orderId index of the order ID among its columns
   * @param version index of the version among its columns; -1 if it has none
   */
  record CapturedRelation(Relation relation, Role role, int orderId, int version) {

    /** The version in a row of the orders table; {@link OrderChange#NO_VERSION} if it has none. */
    long versionOf(Tuple row) {
      if (version < 0 || row.state(version) != Tuple.State.TEXT) {
        return OrderChange.NO_VERSION;
      }
      try {
        return Long.parseLong(row.text(version));
      } catch (NumberFormatException e) {
        // The column had another type when the row was logged.
        return OrderChange.NO_VERSION;
      }
    }

    /** The order that a new row belongs to; null if its order ID is null. */
    @Nullable String orderOfNew(Tuple row) {
      return row.state(orderId) == Tuple.State.TEXT ? row.text(orderId) : null;
    }

    /**
     * The order that an old row belonged to; null if its order ID was null.
     *
     * @throws UnusableTablesException if the log does not contain its order ID
     */
    @Nullable String orderOfOld(OldRow old) {
      if (old.kind() == OldRow.Kind.KEY && !relation.columns().get(orderId).key()) {
        String table =
            Identifiers.quote(relation.schema()) + "." + Identifiers.quote(relation.table());
        throw new UnusableTablesException(
            role == Role.ORDERS ? TableSettings.ORDERS_TABLE : TableSettings.ITEMS_TABLE,
            "the log lacks the order ID of rows that are updated or deleted in %s, since the table's replica identity does not contain it: ALTER TABLE %s REPLICA IDENTITY FULL;"
                .formatted(table, table));
      }
      return orderOfNew(old.tuple());
    }
  }

  /** Stores a table's description; false if the table is not captured. */
  boolean describe(Relation relation) {
    TableName items = tables.items();
    if (isTable(relation, tables.orders())) {
      put(relation, Role.ORDERS, orderIdColumn);
    } else if (items != null && isTable(relation, items)) {
      put(relation, Role.ITEMS, tables.itemsOrderId());
    } else {
      captured.remove(relation.oid());
      return false;
    }
    return true;
  }

  private void put(Relation relation, Role role, String column) {
    List<String> names = relation.columns().stream().map(RelationColumn::name).toList();
    int version = role == Role.ORDERS ? names.indexOf(tables.version()) : -1;
    captured.put(
        relation.oid(),
        new CapturedRelation(relation, role, indexOf(relation, names, column), version));
  }

  /** Null if the table is not captured. */
  @Nullable CapturedRelation find(long oid) {
    return captured.get(oid);
  }

  private static boolean isTable(Relation relation, TableName table) {
    return relation.table().equals(table.table()) && relation.schema().equals(table.schema());
  }

  private static int indexOf(Relation relation, List<String> names, String column) {
    int index = names.indexOf(column);
    if (index < 0) {
      throw new UnusableTablesException(
          TableSettings.ORDERS_TABLE,
          "the log lacks the column %s of %s.%s; it has %s. If the column was renamed, change the configuration; a publication must not leave it out"
              .formatted(column, relation.schema(), relation.table(), names));
    }
    return index;
  }
}
