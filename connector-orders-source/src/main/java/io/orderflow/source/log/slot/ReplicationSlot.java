package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A slot as {@code pg_replication_slots} has it.
 *
 * @param plugin null where it is no logical slot
 * @param database null where it is no logical slot
 * @param temporary whether it ends with its connection
 * @param activePid process that reads it; null where none does
 * @param restartLsn the log is kept from here on; null where nothing is
 * @param confirmedLsn what was committed before is never told again; null where it is no logical
 *     slot
 * @param walStatus reserved, extended, unreserved or lost
 * @param invalidated why it can never be read again; null where it can, and before PostgreSQL 17
 * @param safeWalSize bytes that can be written before its log is taken away; null where there is no
 *     limit
 * @param heldBack bytes of log that the server keeps for it; null on a standby
 * @param failover whether standbys keep a copy; false before PostgreSQL 17
 * @param twoPhase whether prepared transactions are told when they are prepared
 */
public record ReplicationSlot(
    String name,
    @Nullable String plugin,
    @Nullable String database,
    boolean temporary,
    @Nullable Integer activePid,
    @Nullable Long restartLsn,
    @Nullable Long confirmedLsn,
    @Nullable String walStatus,
    @Nullable String invalidated,
    @Nullable Long safeWalSize,
    @Nullable Long heldBack,
    boolean failover,
    boolean twoPhase) {

  // Columns of later versions are read by name from the row as a whole.
  private static final String FIND =
      """
      SELECT slot_name, plugin::text, database::text, temporary, active_pid, restart_lsn::text,
             confirmed_flush_lsn::text, wal_status, to_jsonb(s) ->> 'invalidation_reason' AS invalidated,
             safe_wal_size,
             CASE WHEN NOT pg_is_in_recovery()
                  THEN pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint END AS held_back,
             coalesce((to_jsonb(s) ->> 'failover')::boolean, false) AS failover,
             two_phase
      FROM pg_catalog.pg_replication_slots s WHERE slot_name = ?
      """;

  /** Looks for a slot, of whatever database. */
  public static Optional<ReplicationSlot> find(Connection connection, String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(of(row)) : Optional.empty();
      }
    }
  }

  private static ReplicationSlot of(ResultSet row) throws SQLException {
    return new ReplicationSlot(
        row.getString("slot_name"),
        row.getString("plugin"),
        row.getString("database"),
        row.getBoolean("temporary"),
        row.getObject("active_pid", Integer.class),
        lsn(row.getString("restart_lsn")),
        lsn(row.getString("confirmed_flush_lsn")),
        row.getString("wal_status"),
        row.getString("invalidated"),
        row.getObject("safe_wal_size", Long.class),
        row.getObject("held_back", Long.class),
        row.getBoolean("failover"),
        row.getBoolean("two_phase"));
  }

  private static @Nullable Long lsn(@Nullable String text) {
    return text == null ? null : (Long) Lsn.parse(text);
  }

  /**
   * Drops a slot.
   *
   * @throws SQLException of state 55006 while somebody reads it, 42704 where there is none
   */
  public static void drop(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
      statement.setString(1, name);
      statement.execute();
    }
  }
}
