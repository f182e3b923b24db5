package io.orderflow.source.log.change;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RelationColumn;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.schema.WatchedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The captured and the watched tables among those that the stream has described, with the columns
 * that lead to their orders.
 */
final class CapturedRelations {

  private final CapturedTables tables;
  private final List<String> orderIdColumns;
  private final Map<Long, CapturedRelation> captured = new HashMap<>();
  private final Map<Long, List<WatchedRelation>> watched = new HashMap<>();

  /** Knows no table yet. */
  CapturedRelations(CapturedTables tables, List<String> orderIdColumns) {
    this.tables = tables;
    this.orderIdColumns = List.copyOf(orderIdColumns);
  }

  /** Which of the captured tables a relation is. */
  enum Role {
    ORDERS(TableSettings.ORDERS_TABLE),
    ITEMS(TableSettings.ITEMS_TABLE),
    WATCHED(TableSettings.WATCH);

    private final String setting;

    Role(String setting) {
      this.setting = setting;
    }

    /** The setting that names the table. */
    String setting() {
      return setting;
    }
  }

  /**
   * A watched table.
   *
   * @param relation whose order ID is the columns that lead to the order
   */
  record WatchedRelation(WatchedTable watched, CapturedRelation relation) {}

  /**
   * A captured table.
   *
   * @param orderId indexes of the order ID among its columns
   * @param version index of the version among its columns; -1 if it has none
   */
  record CapturedRelation(Relation relation, Role role, List<Integer> orderId, int version) {

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

    /**
     * The order that a new row belongs to; null if its order ID is null.
     *
     * @param old the row before its update, which contains a long order ID that did not change and
     *     that the new row lacks; null if the log does not contain it
     * @throws UnusableTablesException if neither row contains the order ID
     */
    @Nullable String orderOfNew(Tuple row, @Nullable OldRow old) {
      if (orderId.size() == 1) {
        return text(row, old, orderId.get(0));
      }
      List<String> parts = new ArrayList<>(orderId.size());
      for (int index : orderId) {
        String part = text(row, old, index);
        if (part == null) {
          return null;
        }
        parts.add(part);
      }
      return OrderIdText.join(parts);
    }

    private @Nullable String text(Tuple row, @Nullable OldRow old, int index) {
      return switch (row.state(index)) {
        case NULL -> null;
        case TEXT -> row.text(index);
        case UNCHANGED -> {
          // Long values of the replica identity are logged even if they did not change.
          if (old == null) {
            throw lacksOrderId();
          }
          yield text(old.tuple(), null, index);
        }
      };
    }

    /**
     * The order that an old row belonged to; null if its order ID was null.
     *
     * @throws UnusableTablesException if the log does not contain its order ID
     */
    @Nullable String orderOfOld(OldRow old) {
      if (old.kind() == OldRow.Kind.KEY && !identityHasOrderId()) {
        throw lacksOrderId();
      }
      return orderOfNew(old.tuple(), null);
    }

    private UnusableTablesException lacksOrderId() {
      return new UnusableTablesException(
          role.setting(),
          "the log lacks the order ID of rows that were updated or deleted in %s.%s, since the replica identity of this table did not contain it. The validation (PUT …/config/validate) says whether it still does not, with the SQL that fixes it. Then stop the connector and reset its offsets (DELETE /connectors/NAME/offsets): then all orders are captured again"
              .formatted(relation.schema(), relation.table()));
    }

    private boolean identityHasOrderId() {
      for (int index : orderId) {
        if (!relation.columns().get(index).key()) {
          return false;
        }
      }
      return true;
    }
  }

  /** Stores a table's description, if the table is captured. */
  void describe(Relation relation) {
    TableName items = tables.items();
    if (isTable(relation, tables.orders())) {
      put(relation, Role.ORDERS, orderIdColumns);
    } else if (items != null && isTable(relation, items)) {
      put(relation, Role.ITEMS, tables.itemsOrderId());
    } else {
      captured.remove(relation.oid());
    }
    List<WatchedRelation> found =
        tables.watchedWithPaths().stream()
            .filter(table -> isTable(relation, table.table()))
            .map(
                table ->
                    new WatchedRelation(table, captured(relation, Role.WATCHED, table.columns())))
            .toList();
    if (found.isEmpty()) {
      watched.remove(relation.oid());
    } else {
      watched.put(relation.oid(), found);
    }
  }

  private void put(Relation relation, Role role, List<String> idColumns) {
    captured.put(relation.oid(), captured(relation, role, idColumns));
  }

  private CapturedRelation captured(Relation relation, Role role, List<String> idColumns) {
    List<String> names = relation.columns().stream().map(RelationColumn::name).toList();
    int version = role == Role.ORDERS ? names.indexOf(tables.version()) : -1;
    return new CapturedRelation(
        relation,
        role,
        idColumns.stream().map(column -> indexOf(relation, role, names, column)).toList(),
        version);
  }

  /** Null if the table is not captured. */
  @Nullable CapturedRelation find(long oid) {
    return captured.get(oid);
  }

  /** How a table is watched; empty if it is not. */
  List<WatchedRelation> watching(long oid) {
    return watched.isEmpty() ? List.of() : watched.getOrDefault(oid, List.of());
  }

  private static boolean isTable(Relation relation, TableName table) {
    return relation.table().equals(table.table()) && relation.schema().equals(table.schema());
  }

  private static int indexOf(Relation relation, Role role, List<String> names, String column) {
    int index = names.indexOf(column);
    if (index < 0) {
      throw new UnusableTablesException(
          role.setting(),
          "the log lacks the column %s of %s.%s; it has %s. If the column was renamed, change the configuration; a publication must not leave it out"
              .formatted(column, relation.schema(), relation.table(), names));
    }
    return index;
  }
}
