package io.orderflow.source.log.slot;

import static io.orderflow.common.database.Identifiers.literal;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a slot contains everything that is not emitted yet.
 *
 * @param orders the orders table, for messages
 * @param slot the slot's name
 */
public record SlotCheck(TableName orders, String slot) {

  private static final String PLUGIN = "pgoutput";

  /**
   * Reads the slot and checks it.
   *
   * @param system identifier of the cluster that was reached
   * @param stored the offset that log capture resumes from; null to start with a new slot
   */
  public SlotState readState(Connection connection, String system, @Nullable LogOffset stored)
      throws SQLException {
    return state(
        system,
        WalStatus.readWalStatus(connection),
        stored,
        ReplicationSlot.find(connection, slot).orElse(null));
  }

  /**
   * Requires that capture can resume from the slot.
   *
   * @throws UnusableTablesException if changes would be skipped
   * @throws SQLTransientException if another process reads the slot at the moment
   */
  public void requireResumable(Connection connection, String system, LogOffset stored)
      throws SQLException {
    requireUsable(readState(connection, system, stored));
  }

  /**
   * Requires that the slot can be read or created.
   *
   * @throws UnusableTablesException if changes would be skipped
   * @throws SQLTransientException if another process reads the slot at the moment
   */
  public static void requireUsable(SlotState state) throws SQLTransientException {
    if (state instanceof SlotState.Lost lost) {
      throw new UnusableTablesException(lost.key(), lost.message());
    }
    if (state instanceof SlotState.Busy busy) {
      throw new SQLTransientException(busy.message());
    }
  }

  /**
   * Compares a slot with a stored offset.
   *
   * @param server the state of the server's log
   * @param found the slot of that name; null if there is none
   */
  SlotState state(
      String system,
      WalStatus server,
      @Nullable LogOffset stored,
      @Nullable ReplicationSlot found) {
    if (stored != null) {
      Optional<String> mismatch = mismatch(system, server, stored);
      if (mismatch.isPresent()) {
        return new SlotState.Lost(DatabaseSettings.URL, mismatch.get());
      }
    }
    if (found == null) {
      return stored == null ? new SlotState.Missing() : lost("does not exist");
    }
    Optional<String> foreign = foreign(server, found);
    if (foreign.isPresent()) {
      return new SlotState.Lost(LogSettings.SLOT, foreign.get());
    }
    if (found.activePid() != null) {
      return new SlotState.Busy(busy(found.activePid()));
    }
    return stored == null ? new SlotState.Unused() : compare(stored, found);
  }

  private SlotState compare(LogOffset stored, ReplicationSlot found) {
    if (found.invalidated() != null || "lost".equals(found.walStatus())) {
      return lost(
          found.invalidated() == null
              ? "is invalidated (wal_status lost): the server has removed log that was not emitted; compare max_slot_wal_keep_size"
              : "is invalidated (%s): the server has removed log that was not emitted; compare max_slot_wal_keep_size and idle_replication_slot_timeout"
                  .formatted(found.invalidated()));
    }
    Lsn confirmed = found.confirmedLsn();
    if (confirmed == null || confirmed.isAfter(stored.lsn())) {
      return lost(
          "starts at %s, after the last captured position %s: it was recreated, advanced or consumed by another client, and the changes in between are lost"
              .formatted(confirmed == null ? "no position" : confirmed, stored.lsn()));
    }
    return new SlotState.Resumable();
  }

  /** The reason why an offset does not belong to a server; empty if it does. */
  public Optional<String> mismatch(String system, WalStatus server, LogOffset stored) {
    if (!stored.system().equals(system)) {
      return Optional.of(
          "this is the database cluster %s, but the stored offset of %s is of the log of cluster %s, as after a restore or an upgrade. %s"
              .formatted(system, orders, stored.system(), recapture()));
    }
    if (server.lsn().isBefore(stored.lsn())) {
      return Optional.of(
          "the server's log ends at %s, before %s, up to which %s was captured: the server has lost transactions, as after a failover to a standby that was behind, or a restore to an earlier time. %s"
              .formatted(server.lsn(), stored.lsn(), orders, recapture()));
    }
    return Optional.empty();
  }

  /** The reason why a server's log does not continue from an offset; empty if it does. */
  public Optional<String> branchedOff(TimelineHistory history, LogOffset stored) {
    if (stored.timeline() == 0 || stored.timeline() == history.timeline()) {
      return Optional.empty();
    }
    Lsn end = history.ends().get(stored.timeline());
    // The commit that is partly emitted is at the offset's position, all others are before it.
    boolean contained =
        end != null
            && (stored.isAtTransactionBoundary()
                ? !stored.lsn().isAfter(end)
                : stored.lsn().isBefore(end));
    return contained
        ? Optional.empty()
        : Optional.of(
            "the server's log is on timeline %d, which %s, and does not contain what was captured of timeline %d up to %s: the server has lost transactions, as after a failover to a standby that was behind, or a restore to an earlier time. %s. Or, if you know that no order was changed in between, remove \"timeline\" from the offset"
                .formatted(
                    history.timeline(),
                    end == null ? "does not come from it" : "left it at " + end,
                    stored.timeline(),
                    stored.lsn(),
                    recapture()));
  }

  /** The reason why a slot cannot serve this connector, whatever the offset; empty if it can. */
  public Optional<String> foreign(WalStatus server, ReplicationSlot found) {
    if (!PLUGIN.equals(found.plugin())) {
      return Optional.of(
          foreign(found.plugin() == null ? "a physical slot" : "of plugin " + found.plugin()));
    }
    if (!server.database().equals(found.database())) {
      return Optional.of(foreign("of the database " + found.database()));
    }
    return found.temporary() ? Optional.of(foreign("temporary")) : Optional.empty();
  }

  private String foreign(String kind) {
    return "the replication slot %s is %s, but a permanent slot of pgoutput in this database is required; choose another name"
        .formatted(slot, kind);
  }

  private String busy(int pid) {
    return "the replication slot %s is read by process %d: another connector with the same slot.name, or an earlier task that has not ended yet"
        .formatted(slot, pid);
  }

  private SlotState.Lost lost(String problem) {
    return new SlotState.Lost(
        LogSettings.SLOT,
        "the replication slot %s, from which %s is captured, %s. %s"
            .formatted(slot, orders, problem, recapture()));
  }

  private String recapture() {
    return "Changes may be missing. Stop the connector, run SELECT pg_drop_replication_slot(%s); if the slot exists, and reset the offsets (DELETE /connectors/NAME/offsets): then all orders are captured again"
        .formatted(literal(slot));
  }

  /** The outcome of a {@link SlotCheck}. */
  public sealed interface SlotState {

    /** The slot contains everything that is not emitted yet: continue reading. */
    record Resumable() implements SlotState {}

    /** The slot does not exist, and capture starts with a new one: create it. */
    record Missing() implements SlotState {}

    /** The slot exists, but capture does not resume from it: drop it and create it again. */
    record Unused() implements SlotState {}

    /** Another process is reading the slot: try again. */
    record Busy(String message) implements SlotState {}

    /**
     * Continuing would skip changes; an operator has to decide.
     *
     * @param key the setting at fault
     * @param message what is wrong and what to do
     */
    record Lost(String key, String message) implements SlotState {}
  }
}
