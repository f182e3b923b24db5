package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;

import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** SQL that reads partitions from the catalog rows that a transaction's snapshot covers. */
public final class PartitionTreeSql {

  private static final SqlTemplate TEXTS = SqlTemplate.of(Map.of());

  private PartitionTreeSql() {}

  /**
   * The partitions of some tables at all levels, as a WITH clause, to which other parts can be
   * added. The columns of {@code tree}: {@code part}, the OID; {@code attached}, the transactions
   * that attached the partition and the levels above it, each as {@code xmin} shows it for as long
   * as the cluster exists, with hyphens between them; {@code levels}, the OIDs of these levels.
   */
  public static String tree(List<TableName> roots) {
    String list =
        roots.stream()
            .map(TableName::quoted)
            .map(root -> literal(root))
            .collect(Collectors.joining(", "));
    return TEXTS.with(Map.of("roots", list)).render("partition-tree.sql").stripTrailing();
  }

  /**
   * Whether a table was a partition from its creation on, so that it never had other rows. To
   * attach a table writes the catalog rows of all its columns again, while those of its system
   * columns remain from the creation. A row that a transaction tried to change and did not commit
   * proves nothing, since that has overwritten its {@code cmin}.
   *
   * @param table an expression for its OID
   */
  public static String wasCreatedAsPartition(String table) {
    return TEXTS.with(Map.of("table", table)).render("created-as-partition.sql").stripTrailing();
  }

  /** Whether {@code t}, a row of the tree, or a level above it may have had rows before. */
  static String wasAttached() {
    return "EXISTS (SELECT FROM unnest(t.levels) AS level (part) WHERE NOT %s)"
        .formatted(wasCreatedAsPartition("level.part"));
  }

  /**
   * The last of the transactions that attached {@code t}, a row of the tree, as a bigint. Only the
   * lower 32 bits are known, so the ID is at most 2^32 below the next one.
   */
  static String attachedXid() {
    return "(SELECT max(%1$s - ((%1$s - x::bigint) & 4294967295)) FROM unnest(string_to_array(t.attached, '-')) AS x)"
        .formatted("pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
  }
}
