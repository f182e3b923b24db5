package io.orderflow.source.log.change;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.OldRow;
import io.orderflow.source.log.pgoutput.RelationColumn;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.schema.CapturedTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables that the stream has told of: which of them are the shop's, and where the IDs stand.
 */
final class CapturedRelations {

  private final CapturedTables tables;
  private final String ordersId;
  private final Map<Long, ShopRelation> known = new HashMap<>();

  /**
   * A table of the shop.
   *
   * @param orders whether it is the orders table, else that of the items
   * @param orderId where the order ID stands among its columns
   */
  record ShopRelation(Relation relation, boolean orders, int orderId) {

    /** The order that a new row belongs to; null where it belongs to none. */
    @Nullable String ofNew(Tuple row) {
      return row.state(orderId) == Tuple.State.TEXT ? row.text(orderId) : null;
    }

    /**
     * The order that a row belonged to; null where it belonged to none.
     *
     * @throws UnusableLogException when the old row does not tell
     */
    @Nullable String ofOld(OldRow old) {
      if (old.kind() == OldRow.Kind.KEY && !relation.columns().get(orderId).key()) {
        throw new UnusableLogException(
            "expected the log to tell the order ID of each row that is changed or deleted in %s.%s, found a replica identity without it: ALTER TABLE %s.%s REPLICA IDENTITY FULL;"
                .formatted(
                    relation.schema(),
                    relation.table(),
                    Identifiers.quote(relation.schema()),
                    Identifiers.quote(relation.table())));
      }
      return ofNew(old.tuple());
    }
  }

  CapturedRelations(CapturedTables tables, String ordersId) {
    this.tables = tables;
    this.ordersId = ordersId;
  }

  /** Learns a table's columns; true where it is one of the shop's. */
  boolean learn(Relation relation) {
    boolean orders = isTable(relation, tables.orders());
    TableName items = tables.items();
    if (!orders && (items == null || !isTable(relation, items))) {
      known.remove(relation.oid());
      return false;
    }
    String column = orders ? ordersId : tables.itemsOrderId();
    known.put(
        relation.oid(), new ShopRelation(relation, orders, indexOf(relation.columns(), column)));
    return true;
  }

  /** Null where the table is none of the shop's. */
  @Nullable ShopRelation of(long oid) {
    return known.get(oid);
  }

  private static boolean isTable(Relation relation, TableName table) {
    return relation.table().equals(table.table()) && relation.schema().equals(table.schema());
  }

  private static int indexOf(List<RelationColumn> columns, String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new UnusableLogException(
        "expected the log to tell the column %s, found %s; renamed columns are named anew in the configuration, and a publication must not leave it out"
            .formatted(name, columns.stream().map(RelationColumn::name).toList()));
  }
}
