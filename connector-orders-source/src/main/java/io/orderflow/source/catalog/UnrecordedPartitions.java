package io.orderflow.source.catalog;

import io.orderflow.source.config.LogSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.sql.PartitionSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds partitions that were attached with rows, or removed, since the installation recorded the
 * partitions: no trigger sees that, so the orders of these rows have no new version.
 */
public final class UnrecordedPartitions {

  private UnrecordedPartitions() {}

  /**
   * A partition that is not as recorded.
   *
   * @param recordedName null if it was not recorded
   * @param name quoted for SQL; null if it is gone
   * @param oid in {@code pg_class}
   * @param attached the transaction that attached it
   * @param readable whether the role may read it by its name
   * @param hadRows whether it may have had rows when it was attached
   */
  public record Change(
      @Nullable String recordedName,
      @Nullable String name,
      long oid,
      long attached,
      boolean readable,
      boolean hadRows) {

    /** Whether the partition was detached or dropped. */
    public boolean isRemoval() {
      return name == null;
    }
  }

  /** The partitions of a table that are not as recorded, in no particular order. */
  public static List<Change> read(Connection connection, PartitionSql partitions)
      throws SQLException {
    List<Change> changes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(partitions.changes());
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        changes.add(
            new Change(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getBoolean(5),
                row.getBoolean(6)));
      }
    }
    return changes;
  }

  /**
   * What is wrong with a change, and the fix; empty if capture sees all rows of the partition.
   *
   * @param captureBegan capture has read all that was committed by transactions before this one
   */
  public static Optional<String> problem(
      Connection connection, PartitionSql partitions, Change change, long captureBegan)
      throws SQLException {
    String name = change.name();
    if (name == null) {
      return partitions.losesRows()
          ? Optional.of(removed(partitions, String.valueOf(change.recordedName())))
          : Optional.empty();
    }
    String condition = partitions.afterRows();
    boolean unseen =
        condition != null
            && change.hadRows()
            && change.attached() >= captureBegan
            && hasRows(
                connection,
                "SELECT FROM %s AS p%s'%d' AND p.tableoid = %d LIMIT 1"
                    .formatted(
                        change.readable() ? name : partitions.root().quoted(),
                        condition,
                        change.attached(),
                        change.oid()));
    return unseen ? Optional.of(attached(partitions, name)) : Optional.empty();
  }

  private static boolean hasRows(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      return row.next();
    }
  }

  private static String attached(PartitionSql partitions, String name) {
    return "%s was attached to %s with rows, which no trigger sees; record them as changes, which emits their orders, and run the installation script again, which adds the triggers for TRUNCATE:\n%s;"
        .formatted(name, partitions.root(), partitions.recordRows(name));
  }

  private static String removed(PartitionSql partitions, String name) {
    String lost =
        partitions.key().equals(TableSettings.DELETES)
            ? "orders in it got no tombstone. Run"
            : "orders that had rows in it were not emitted again. If it still exists and they are to be emitted without these rows: %s; in any case run"
                .formatted(partitions.recordRows(name));
    return "%s was detached from %s or dropped, which no trigger sees: %s the installation script again, which records the partitions as they are. A shop that removes partitions regularly sets %s=ignore"
        .formatted(name, partitions.root(), lost, LogSettings.PARTITION_REMOVAL_MODE);
  }
}
