package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;

import io.orderflow.common.database.TableName;
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
    @Nullable String afterRows,
    boolean losesRows) {

  /** The transaction that attached a partition, of its lower 32 bits; as a bigint. */
  private static final String ATTACHED =
      "CASE WHEN i.xmin::text::bigint > 2 THEN %1$s - ((%1$s - i.xmin::text::bigint) & 4294967295) ELSE 0 END"
          .formatted("pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

  /** Creates what is missing, and records the partitions. */
  String install(SqlTemplate texts) {
    SqlTemplate own = own(texts);
    return own.with(
            Map.of(
                "create_leaf_trigger", onNextLine(own, "create-leaf-trigger.sql"),
                "drop_leaf_triggers", onNextLine(own, "drop-leaf-triggers.sql")))
        .render("partitions.sql");
  }

  /** Nothing if there is no trigger, since an empty line would end the statement. */
  private String onNextLine(SqlTemplate own, String part) {
    return truncate == null ? "" : "\n" + own.render(part).stripTrailing();
  }

  /** Drops the triggers of the table, its partitions, and those that were partitions. */
  String uninstall(SqlTemplate texts) {
    return truncate == null ? "" : own(texts).render("drop-truncate-triggers.sql");
  }

  /**
   * A query of the partitions that are not as recorded. Columns: the recorded name, or null; name,
   * OID and attaching transaction of the partition, all null if it is gone; whether the role may
   * read it.
   */
  public String changes() {
    return own(SqlTemplate.of(Map.of())).render("partition-changes.sql");
  }

  /** The statement that records an attached partition's rows as changes of their orders. */
  public String recordRows(String part) {
    return beforePart + part + afterPart;
  }

  private SqlTemplate own(SqlTemplate texts) {
    SqlTemplate base =
        texts.with(
            Map.of(
                "root", literal(root.quoted()),
                "recorder", literal(recorder.call()),
                "trigger", literal(truncate == null ? "" : truncate.name()),
                "attached", ATTACHED,
                "before_part", literal(beforePart),
                "after_part", literal(afterPart)));
    return base.with(Map.of("tree", base.render("partition-tree.sql").stripTrailing()));
  }
}
