package io.orderflow.source.offset;

import io.orderflow.common.database.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far the log has been told, and how far the initial load has come beside it.
 *
 * @param lsn all database transactions that were committed before this place are told
 * @param done how many orders are told already of the one whose commit stands here
 * @param system identifier of the database cluster whose log this is
 * @param loadSnapshot while the load runs, what it shows: {@code pg_snapshot} of the moment from
 *     which on the log tells every change; null once everything is loaded
 * @param loadedTo while the load runs, the last order ID that it has told, as text; null before the
 *     first
 * @param turn grows with each change of capture; the capture whose offsets have the greater one
 *     told last
 * @param published tells this membership of the tables in the publication from any later one; null
 *     where that was not noted
 * @param timeline of that log; each promoted standby begins another; 0 where it was not noted
 */
public record LogOffset(
    long lsn,
    long done,
    String system,
    @Nullable String loadSnapshot,
    @Nullable String loadedTo,
    long turn,
    @Nullable String published,
    long timeline)
    implements SourceOffset {

  private static final String TABLE = "table";
  private static final String SLOT = "slot";
  private static final String LSN = "lsn";
  private static final String DONE = "emitted_in_transaction";
  private static final String SYSTEM = "system";
  private static final String LOAD_SNAPSHOT = "snapshot";
  private static final String LOADED_TO = "snapshot_reached";
  private static final String TURN = "epoch";
  private static final String PUBLISHED = "publication";
  private static final String TIMELINE = "timeline";
  private static final Set<String> KEYS =
      Set.of(LSN, DONE, SYSTEM, LOAD_SNAPSHOT, LOADED_TO, TURN, PUBLISHED, TIMELINE);

  /** No other capture came before. */
  public LogOffset(
      long lsn,
      long done,
      String system,
      @Nullable String loadSnapshot,
      @Nullable String loadedTo) {
    this(lsn, done, system, loadSnapshot, loadedTo, 0, null, 0);
  }

  /** The source partition of a slot; a HashMap, as {@link Shards#partition} says why. */
  public static Map<String, Object> partition(TableName orders, String slot) {
    Map<String, Object> partition = new HashMap<>();
    partition.put(TABLE, orders.toString());
    partition.put(SLOT, slot);
    return partition;
  }

  /** Those of some source partitions that are of slots, of whatever table. */
  public static List<Map<String, ?>> partitionsOfSlots(Collection<? extends Map<String, ?>> all) {
    return all.stream()
        .filter(partition -> partition.containsKey(SLOT))
        .<Map<String, ?>>map(partition -> partition)
        .toList();
  }

  /**
   * Reads the map form; numbers may be of any integral type or text, as REST hands them over.
   *
   * @throws IllegalArgumentException when a part is missing, unknown or not what it should be
   */
  public static LogOffset of(Map<String, ?> map) {
    OffsetFields fields = new OffsetFields(map);
    fields.requireOnly(KEYS);
    return new LogOffset(
        Lsn.parse(fields.text(LSN)),
        fields.has(DONE) ? fields.number(DONE) : 0,
        fields.text(SYSTEM),
        fields.has(LOAD_SNAPSHOT) ? fields.text(LOAD_SNAPSHOT) : null,
        fields.has(LOADED_TO) ? fields.text(LOADED_TO) : null,
        fields.has(TURN) ? fields.number(TURN) : 0,
        fields.has(PUBLISHED) ? fields.text(PUBLISHED) : null,
        fields.has(TIMELINE) ? fields.number(TIMELINE) : 0);
  }

  /**
   * The map form: {@code lsn, done, system, published, timeline}, after another capture {@code
   * turn}, and while the load runs the rest.
   */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new HashMap<>(16);
    map.put(LSN, Lsn.format(lsn));
    map.put(DONE, done);
    map.put(SYSTEM, system);
    if (loadSnapshot != null) {
      map.put(LOAD_SNAPSHOT, loadSnapshot);
    }
    if (loadedTo != null) {
      map.put(LOADED_TO, loadedTo);
    }
    if (turn > 0) {
      map.put(TURN, turn);
    }
    if (published != null) {
      map.put(PUBLISHED, published);
    }
    if (timeline > 0) {
      map.put(TIMELINE, timeline);
    }
    return map;
  }

  @Override
  public long number() {
    return lsn;
  }

  /** All events of the transactions up to here are told. */
  public LogOffset at(long newLsn) {
    return new LogOffset(newLsn, 0, system, loadSnapshot, loadedTo, turn, published, timeline);
  }

  /** So many orders of the transaction with this commit are told, and all before it. */
  public LogOffset within(long commitLsn, long newDone) {
    return new LogOffset(
        commitLsn, newDone, system, loadSnapshot, loadedTo, turn, published, timeline);
  }

  /** The load has told the orders up to this one. */
  public LogOffset loadedTo(String orderId) {
    return new LogOffset(lsn, done, system, loadSnapshot, orderId, turn, published, timeline);
  }

  /** Everything is loaded. */
  public LogOffset loaded() {
    return new LogOffset(lsn, done, system, null, null, turn, published, timeline);
  }

  /** The tables are in the publication since then. */
  public LogOffset published(String membership) {
    return new LogOffset(lsn, done, system, loadSnapshot, loadedTo, turn, membership, timeline);
  }

  /** The log goes on on this timeline. */
  public LogOffset onTimeline(long now) {
    return new LogOffset(lsn, done, system, loadSnapshot, loadedTo, turn, published, now);
  }

  /** Whether the initial load still has something to tell. */
  public boolean loading() {
    return loadSnapshot != null;
  }
}
