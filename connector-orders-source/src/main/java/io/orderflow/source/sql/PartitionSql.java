package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;

import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records the partitions of a table in the comment of a function, and gives each of them a trigger
 * for TRUNCATE.
 *
 * @param root the partitioned table
 * @param recorder the function whose comment contains the record; the triggers call it
 * @param truncate the trigger that each partition needs; null for none
 * @param key the setting that names the table
 * @param beforePart the statement for a partition that was attached since, up to its name
 * @param afterPart the rest of the statement
 * @param onlyOlder restricts the statement to orders that were last changed before a transaction,
 *     whose ID follows; null for all orders
 * @param afterRows a condition over the rows of a partition, after {@code SELECT FROM partition AS
 *     p}: which orders were last changed before a transaction, whose ID follows; null if every
 *     attached partition is captured as it is
 * @param losesRows whether the removal of a partition is a change that events should show
 */
public record PartitionSql(
    String key,
    TableName root,
    TriggerFunction recorder,
    @Nullable Trigger truncate,
    String beforePart,
    String afterPart,
    @Nullable String onlyOlder,
    @Nullable String afterRows,
    boolean losesRows) {

  /** Creates what is missing, and records the partitions. */
  String install(SqlTemplate texts) {
    SqlTemplate own = own(texts);
    // An empty line would end the statement.
    String createTrigger =
        truncate == null ? "" : "\n" + own.render("create-leaf-trigger.sql").stripTrailing();
    return own.with(Map.of("create_leaf_trigger", createTrigger)).render("partitions.sql");
  }

  /**
   * A query of the partitions that are not as recorded. Columns: the recorded name, or null; name,
   * OID and attaching transaction of the partition, all null if it is gone; whether the role may
   * read it; whether it may have had rows when it was attached.
   */
  public String changes() {
    return own(SqlTemplate.of(Map.of())).render("partition-changes.sql");
  }

  /** The statement that records an attached partition's rows as changes of their orders. */
  public String recordRows(String part) {
    return beforePart + part + afterPart;
  }

  private SqlTemplate own(SqlTemplate texts) {
    return texts.with(
        Map.of(
            "tree", PartitionTreeSql.tree(List.of(root)),
            "attached_xid", PartitionTreeSql.attachedXid(),
            "was_attached", PartitionTreeSql.wasAttached(),
            "recorder", literal(recorder.call()),
            "trigger", literal(truncate == null ? "" : truncate.name()),
            "before_part", literal(beforePart),
            "after_part", literal(afterPart),
            "only_older",
                onlyOlder == null
                    ? ""
                    : " || format(%s, part.xid)".formatted(literal(onlyOlder + "%L"))));
  }
}
