package io.orderflow.source.log.slot;

import static io.orderflow.common.database.Identifiers.literal;

import io.orderflow.common.database.TableName;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a slot tells all that has not been told.
 *
 * @param orders for messages: what is captured
 * @param slot name of the slot
 */
public record SlotCheck(TableName orders, String slot) {

  private static final String PLUGIN = "pgoutput";
  private static final String URL = "database.url";
  private static final String NAME = "slot.name";

  /**
   * Compares.
   *
   * @param system identifier of the cluster that was reached
   * @param server what it says of its log
   * @param stored how far the log has been told; null when nothing has ever been
   * @param found the slot of that name; null where there is none
   */
  public SlotVerdict verdict(
      String system,
      WalStatus server,
      @Nullable LogOffset stored,
      @Nullable ReplicationSlot found) {
    if (stored != null) {
      Optional<String> misfit = misfit(system, server, stored);
      if (misfit.isPresent()) {
        return new SlotVerdict.Lost(URL, misfit.get());
      }
    }
    if (found == null) {
      return stored == null ? new SlotVerdict.Missing() : lost("found no slot of that name");
    }
    Optional<String> foreign = foreign(server, found);
    if (foreign.isPresent()) {
      return new SlotVerdict.Lost(NAME, foreign.get());
    }
    if (found.activePid() != null) {
      return new SlotVerdict.Busy(busy(found.activePid()));
    }
    return stored == null ? new SlotVerdict.Unused() : compare(stored, found);
  }

  private SlotVerdict compare(LogOffset stored, ReplicationSlot found) {
    if (found.invalidated() != null || "lost".equals(found.walStatus())) {
      return lost(
          "found it invalidated (%s): the server has removed log that was not told; compare max_slot_wal_keep_size%s"
              .formatted(
                  found.invalidated() == null ? "wal_status lost" : found.invalidated(),
                  found.invalidated() == null ? "" : " and idle_replication_slot_timeout"));
    }
    Long confirmed = found.confirmedLsn();
    if (confirmed == null || confirmed > stored.lsn()) {
      return lost(
          "expected it to tell what was committed after %s, found that it begins at %s: somebody else has made it anew, moved or read it, and what lies between was not told"
              .formatted(
                  Lsn.format(stored.lsn()),
                  confirmed == null ? "no place at all" : Lsn.format(confirmed)));
    }
    return new SlotVerdict.Fits();
  }

  /** Why a position does not speak of this server; empty when it does. */
  public Optional<String> misfit(String system, WalStatus server, LogOffset stored) {
    if (!stored.system().equals(system)) {
      return Optional.of(
          "expected the database cluster %s, whose log the stored offset of %s speaks of, found cluster %s, as after a restore or an upgrade. %s"
              .formatted(stored.system(), orders, system, anew()));
    }
    if (server.lsn() < stored.lsn()) {
      return Optional.of(
          "expected the server's log to reach %s, up to which %s was told, found that it ends at %s: the server has lost transactions, as after a failover to a standby that was behind, or a restore to an earlier time. %s"
              .formatted(Lsn.format(stored.lsn()), orders, Lsn.format(server.lsn()), anew()));
    }
    return Optional.empty();
  }

  /** Why a server's log does not go on from a position; empty when it does. */
  public Optional<String> branchedOff(TimelineHistory history, LogOffset stored) {
    if (stored.timeline() == 0 || stored.timeline() == history.timeline()) {
      return Optional.empty();
    }
    Long end = history.ends().get(stored.timeline());
    // The commit that is partly told stands behind its position, all others before it.
    boolean kept = end != null && (stored.done() > 0 ? stored.lsn() < end : stored.lsn() <= end);
    return kept
        ? Optional.empty()
        : Optional.of(
            "expected the server's log to have what was told of timeline %d, up to %s, found timeline %d, which %s: the server has lost transactions, as after a failover to a standby that was behind, or a restore to an earlier time. %s. Or, where you know that no order was changed in between, take \"timeline\" out of the offset"
                .formatted(
                    stored.timeline(),
                    Lsn.format(stored.lsn()),
                    history.timeline(),
                    end == null ? "does not come from it" : "left it at " + Lsn.format(end),
                    anew()));
  }

  /** Why a slot cannot be this connector's, whatever was stored; empty when it can. */
  public Optional<String> foreign(WalStatus server, ReplicationSlot found) {
    if (!PLUGIN.equals(found.plugin())) {
      return Optional.of(
          foreign(found.plugin() == null ? "a physical slot" : "the plugin " + found.plugin()));
    }
    if (!server.database().equals(found.database())) {
      return Optional.of(foreign("one of the database " + found.database()));
    }
    return found.temporary() ? Optional.of(foreign("a temporary one")) : Optional.empty();
  }

  private String foreign(String what) {
    return "expected the replication slot %s to be one for pgoutput in this database, found %s; choose another name"
        .formatted(slot, what);
  }

  private String busy(int pid) {
    return "the replication slot %s is read by process %d; another connector with the same slot.name, or an earlier task that has not ended yet"
        .formatted(slot, pid);
  }

  private SlotVerdict.Lost lost(String what) {
    return new SlotVerdict.Lost(
        NAME,
        "expected the replication slot %s, from which %s is captured; %s. %s"
            .formatted(slot, orders, what, anew()));
  }

  private String anew() {
    return "Changes may be missing. Stop the connector, SELECT pg_drop_replication_slot(%s); where the slot is there, and reset the offsets (DELETE /connectors/NAME/offsets): all orders are captured anew"
        .formatted(literal(slot));
  }
}
