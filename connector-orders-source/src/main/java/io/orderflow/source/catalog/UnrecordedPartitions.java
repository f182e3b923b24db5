package io.orderflow.source.catalog;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.sql.InstallSql;
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

  private final InstallSql sql;
  private final boolean ignoresRemovals;

  /**
   * Reads nothing yet.
   *
   * @param sql records the partitions
   * @param ignoresRemovals whether the removal of a partition is no problem
   */
  public UnrecordedPartitions(InstallSql sql, boolean ignoresRemovals) {
    this.sql = sql;
    this.ignoresRemovals = ignoresRemovals;
  }

  /**
   * A partition that is not as recorded.
   *
   * @param partitions those of its table
   * @param recordedName null if it was not recorded
   * @param name quoted for SQL; null if it is gone
   * @param oid in {@code pg_class}
   * @param attached the transaction that attached it
   * @param readable whether the role may read it by its name
   * @param hadRows whether it may have had rows when it was attached
   */
  public record Change(
      PartitionSql partitions,
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

  /** The partitions of all tables that are not as recorded. */
  public List<Change> read(Connection connection) throws SQLException {
    List<Change> changes = new ArrayList<>();
    for (PartitionSql partitions : sql.partitions()) {
      try (PreparedStatement statement = connection.prepareStatement(partitions.changes());
          ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          changes.add(
              new Change(
                  partitions,
                  row.getString(1),
                  row.getString(2),
                  row.getLong(3),
                  row.getLong(4),
                  row.getBoolean(5),
                  row.getBoolean(6)));
        }
      }
    }
    return changes;
  }

  /**
   * What is wrong with a change, and the script that fixes it; empty if capture sees all rows of
   * the partition, or need not.
   *
   * @param captureBegan capture has read all that was committed by transactions before this one
   */
  public Optional<Finding> problem(Connection connection, Change change, long captureBegan)
      throws SQLException {
    PartitionSql partitions = change.partitions();
    String name = change.name();
    if (name == null) {
      return partitions.losesRows() && !ignoresRemovals
          ? Optional.of(finding(partitions, removed(partitions, change.recordedName())))
          : Optional.empty();
    }
    return hasUnseenRows(connection, change, name, captureBegan)
        ? Optional.of(finding(partitions, attached(partitions, name)))
        : Optional.empty();
  }

  /**
   * Requires that capture sees all rows of the partition.
   *
   * @param captureBegan as in {@link #problem}
   * @throws UnusableTablesException if it does not, with the fix
   */
  public void requireSeen(Connection connection, Change change, long captureBegan)
      throws SQLException {
    Optional<Finding> problem = problem(connection, change, captureBegan);
    if (problem.isPresent()) {
      throw new UnusableTablesException(problem.get().key(), problem.get().message());
    }
  }

  private static boolean hasUnseenRows(
      Connection connection, Change change, String name, long captureBegan) throws SQLException {
    String condition = change.partitions().afterRows();
    return condition != null
        && change.hadRows()
        && change.attached() >= captureBegan
        && hasRows(
            connection,
            "SELECT FROM %s AS p%s'%d' AND p.tableoid = %d LIMIT 1"
                .formatted(
                    change.readable() ? name : change.partitions().root().quoted(),
                    condition,
                    change.attached(),
                    change.oid()));
  }

  private static boolean hasRows(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      return row.next();
    }
  }

  private Finding finding(PartitionSql partitions, String problem) {
    return new Finding(partitions.key(), problem + sql.scriptFor(partitions.key()));
  }

  /** The rows are recorded before the script runs, which locks the orders table until its end. */
  private static String attached(PartitionSql partitions, String name) {
    return "%s was attached to %s with rows, which no trigger sees. Record them as changes, which emits their orders, and run the installation script again, which adds the triggers for TRUNCATE:\n%s;\n\n"
        .formatted(name, partitions.root(), partitions.recordRows(name));
  }

  private static String removed(PartitionSql partitions, @Nullable String recordedName) {
    String lost =
        partitions.key().equals(TableSettings.DELETES)
            ? "orders in it got no tombstone"
            : "orders that had rows in it were not emitted again. If it still exists, and they are to be emitted without these rows, first run %s"
                .formatted(partitions.recordRows(String.valueOf(recordedName)));
    return "%s was detached from %s or dropped, which no trigger sees: %s. A shop that removes partitions regularly sets %s=ignore. The installation script, run again, records the partitions as they are:\n"
        .formatted(recordedName, partitions.root(), lost, LogSettings.PARTITION_REMOVAL_MODE);
  }
}
