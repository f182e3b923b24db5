package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replication slot, as {@code pg_replication_slots} shows it.
 *
 * @param plugin null for a physical slot
 * @param database null for a physical slot
 * @param temporary whether it is dropped when its connection ends
 * @param activePid the server process that sends its changes; null if there is none
 * @param confirmedLsn transactions that committed before are not streamed again; null for a
 *     physical slot
 * @param walStatus reserved, extended, unreserved or lost
 * @param invalidated the reason why it can no longer be read; null if it can, and before PostgreSQL
 *     17
 * @param retainedBytes bytes of log that the server keeps for it; null on a standby
 * @param failover whether standbys keep a copy; false before PostgreSQL 17
 */
public record ReplicationSlot(
    @Nullable String plugin,
    @Nullable String database,
    boolean temporary,
    @Nullable Integer activePid,
    @Nullable Lsn confirmedLsn,
    @Nullable String walStatus,
    @Nullable String invalidated,
    @Nullable Long retainedBytes,
    boolean failover) {

  /** Columns of later versions are read by name from the whole row. */
  private static final String FIND =
      """
      SELECT plugin::text, database::text, temporary, active_pid, confirmed_flush_lsn::text, wal_status,
             to_jsonb(s) ->> 'invalidation_reason' AS invalidated,
             CASE WHEN NOT pg_is_in_recovery()
                  THEN pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint END AS retained,
             coalesce((to_jsonb(s) ->> 'failover')::boolean, false) AS failover
      FROM pg_catalog.pg_replication_slots s WHERE slot_name = ?
      """;

  /** Finds a slot, of any database. */
  public static Optional<ReplicationSlot> find(Connection connection, String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }
  }

  private static ReplicationSlot read(ResultSet row) throws SQLException {
    String confirmed = row.getString("confirmed_flush_lsn");
    return new ReplicationSlot(
        row.getString("plugin"),
        row.getString("database"),
        row.getBoolean("temporary"),
        row.getObject("active_pid", Integer.class),
        confirmed == null ? null : Lsn.parse(confirmed),
        row.getString("wal_status"),
        row.getString("invalidated"),
        row.getObject("retained", Long.class),
        row.getBoolean("failover"));
  }

  /**
   * Drops a slot.
   *
   * @throws SQLException of state 55006 while a process reads it, 42704 if it does not exist
   */
  public static void drop(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
      statement.setString(1, name);
      statement.execute();
    }
  }
}
