package io.orderflow.source.schema;

import io.orderflow.common.database.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table and its partitions of all levels.
 *
 * @param tables the table itself, then its partitions, each after its parent
 */
public record PartitionTree(List<Partition> tables) {

  /**
   * A table of the tree.
   *
   * @param parent null for the root
   * @param leaf whether it holds rows itself
   */
  public record Partition(TableName table, @Nullable TableName parent, boolean leaf) {}

  public PartitionTree {
    tables = List.copyOf(tables);
  }

  /** The tree of a table without partitions. */
  public static PartitionTree of(TableName table) {
    return new PartitionTree(List.of(new Partition(table, null, true)));
  }

  public boolean isPartitioned() {
    return !tables.get(0).leaf();
  }

  /** The tables that hold rows. */
  public List<Partition> leaves() {
    return tables.stream().filter(Partition::leaf).toList();
  }
}
