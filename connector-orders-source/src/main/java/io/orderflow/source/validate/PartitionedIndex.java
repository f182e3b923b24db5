package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.PartitionTree;
import io.orderflow.source.schema.PartitionTree.Partition;
import io.orderflow.source.sql.ObjectNames;
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
    Map<String, String> renamed = new HashMap<>();
    Map<TableName, List<Index>> indexes =
        TableIndexes.readTree(connection, tree.tables().get(0).table());
    for (Partition partition : tree.tables()) {
      Known parent = partition.parent() == null ? null : known.get(partition.parent());
      Index found = find(indexes.getOrDefault(partition.table(), List.of()), parent);
      String quoted = quotedName(partition.table(), found, renamed);
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
        DisplacedIndex.find(connection, partition.table(), name)
            .ifPresent(
                index -> {
                  statements.add(index.rename());
                  renamed.put(index.name().quoted(), index.newName());
                });
        statements.add(create(partition));
      }
      if (parent != null && !attached) {
        statements.add("ALTER INDEX %s ATTACH PARTITION %s;".formatted(parent.quoted(), quoted));
      }
      known.put(partition.table(), new Known(quoted, found == null ? null : found.oid()));
    }
    return statements;
  }

  private String quotedName(TableName table, @Nullable Index found, Map<String, String> renamed) {
    TableName present =
        new TableName(table.schema(), found == null ? name.apply(table) : found.name());
    String newName = found == null ? null : renamed.get(present.quoted());
    return newName == null ? present.quoted() : new TableName(table.schema(), newName).quoted();
  }

  /** The index that is attached to the parent's, or else one that can be. */
  private @Nullable Index find(List<Index> indexes, @Nullable Known parent) {
    List<Index> all = indexes.stream().filter(matches).toList();
    if (parent == null) {
      return all.stream().findFirst().orElse(null);
    }
    return all.stream()
        .filter(index -> isAttached(index, parent))
        .findFirst()
        .orElseGet(
            () ->
                all.stream()
                    .filter(index -> index.parent() == null && !index.unique())
                    .filter(index -> index.valid() || ObjectNames.isOurs(index.name()))
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
