package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.PartitionTree;
import io.orderflow.source.schema.PartitionTree.Partition;
import io.orderflow.source.validate.TableIndexes.Index;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An index of a partitioned table, which PostgreSQL cannot create concurrently. But each
 * partition's index can be, and is then attached to the index of its parent (manual, CREATE INDEX,
 * CONCURRENTLY). A partition that is added later gets its index by itself.
 *
 * @param columns the list in parentheses
 * @param name the name of the index of a table
 * @param matches whether an index has these columns
 */
record PartitionedIndex(
    PartitionTree tree,
    String columns,
    Function<TableName, String> name,
    Predicate<Index> matches) {

  /** The index of one table as it is or will be. */
  private record Known(String quoted, @Nullable Long oid) {}

  /**
   * The statements that are missing, to run one by one; empty if each partition has the index. If
   * one of them is interrupted, this returns the rest.
   */
  List<String> missing(Connection connection) throws SQLException {
    List<String> statements = new ArrayList<>();
    Map<TableName, Known> known = new HashMap<>();
    for (Partition partition : tree.tables()) {
      Known parent = partition.parent() == null ? null : known.get(partition.parent());
      Index found = find(connection, partition.table(), parent);
      String quoted =
          quote(partition.table().schema())
              + "."
              + quote(found == null ? name.apply(partition.table()) : found.name());
      boolean attached = found != null && parent != null && isAttached(found, parent);
      if (found != null && !found.valid() && partition.leaf()) {
        if (attached) {
          statements.add("REINDEX INDEX CONCURRENTLY " + quoted + ";");
        } else {
          statements.add("DROP INDEX CONCURRENTLY " + quoted + ";");
          found = null;
        }
      }
      if (found == null) {
        statements.add(create(partition));
      }
      if (parent != null && !attached) {
        statements.add("ALTER INDEX %s ATTACH PARTITION %s;".formatted(parent.quoted(), quoted));
      }
      known.put(partition.table(), new Known(quoted, found == null ? null : found.oid()));
    }
    return statements;
  }

  /** The index that is attached to the parent's, or else the one with the expected name. */
  private @Nullable Index find(Connection connection, TableName table, @Nullable Known parent)
      throws SQLException {
    List<Index> all = TableIndexes.read(connection, table).stream().filter(matches).toList();
    if (parent == null) {
      return all.stream().findFirst().orElse(null);
    }
    String expected = name.apply(table);
    return all.stream()
        .filter(index -> isAttached(index, parent))
        .findFirst()
        .orElseGet(
            () ->
                all.stream()
                    .filter(index -> index.parent() == null && index.name().equals(expected))
                    .findFirst()
                    .orElse(null));
  }

  private static boolean isAttached(Index index, Known parent) {
    return index.parent() != null && Objects.equals(index.parent(), parent.oid());
  }

  private String create(Partition partition) {
    return "CREATE INDEX %sIF NOT EXISTS %s ON %s%s\n  %s;"
        .formatted(
            partition.leaf() ? "CONCURRENTLY " : "",
            quote(name.apply(partition.table())),
            partition.leaf() ? "" : "ONLY ",
            partition.table().quoted(),
            columns);
  }
}
