package io.orderflow.source.offset;

import io.orderflow.common.database.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The offset of log capture: its position in the log, and the position of its initial snapshot.
 *
 * @param lsn all database transactions that committed before this position are emitted
 * @param emittedInTransaction the number of emitted orders of the transaction that commits at
 *     {@code lsn}; 0 at a transaction boundary
 * @param system identifier of the database cluster
 * @param snapshot while the initial snapshot runs, the {@code pg_snapshot} of the slot's creation:
 *     the stream contains every transaction that it does not show; null once it is complete
 * @param snapshotReached while the initial snapshot runs, the last order ID that it has emitted, as
 *     text; null before the first
 * @param snapshotFiles while the initial snapshot runs, the tables' files at the slot's creation:
 *     if they have changed, rows do not say which transaction wrote them; null if unknown
 * @param snapshotPartitions while a snapshot of attached partitions runs, their OIDs, or {@link
 *     #ALL_PARTITIONS}; null while the initial snapshot runs, and if none runs
 * @param epoch increases with each handover between the captures; the capture whose offsets have
 *     the greater epoch was the last to emit
 * @param publication identifies the tables' membership in the publication; null if unknown
 * @param partitions the captured tables' partitions, whose rows are emitted or in the log, by their
 *     OIDs and the transactions that attached them; null if unknown
 * @param timeline of the log, which changes with each promotion of a standby; 0 if unknown
 * @param known what capture knows of the tables
 */
public record LogOffset(
    Lsn lsn,
    long emittedInTransaction,
    String system,
    @Nullable String snapshot,
    @Nullable String snapshotReached,
    @Nullable String snapshotFiles,
    @Nullable String snapshotPartitions,
    long epoch,
    @Nullable String publication,
    @Nullable String partitions,
    long timeline,
    KnownTables known)
    implements SourceOffset {

  /** A snapshot reads the orders of all partitions again. */
  public static final String ALL_PARTITIONS = "all";

  private static final Pattern OIDS = Pattern.compile("\\d{1,10}(,\\d{1,10})*|" + ALL_PARTITIONS);

  /** OIDs and transactions, as {@code 16390.745,16397.751-752}. */
  private static final Pattern ATTACHED =
      Pattern.compile("(\\d{1,10}\\.[\\d-]{1,100}(,\\d{1,10}\\.[\\d-]{1,100})*)?");

  private static final String TABLE = "table";
  private static final String SLOT = "slot";
  private static final String LSN = "lsn";
  private static final String EMITTED_IN_TRANSACTION = "emitted_in_transaction";
  private static final String SYSTEM = "system";
  private static final String SNAPSHOT = "snapshot";
  private static final String SNAPSHOT_REACHED = "snapshot_reached";
  private static final String SNAPSHOT_FILES = "snapshot_files";
  private static final String SNAPSHOT_PARTITIONS = "snapshot_partitions";
  private static final String PARTITIONS = "partitions";
  private static final String EPOCH = "epoch";
  private static final String PUBLICATION = "publication";
  private static final String TIMELINE = "timeline";
  private static final String CATALOG = "catalog";
  private static final String NO_STRAY_ITEMS = "no_stray_items";
  private static final String EMITTED_AHEAD = "emitted_ahead";

  /** The position at which they are ahead: an operator may move the offset. */
  private static final String EMITTED_AHEAD_AT = "emitted_ahead_at";

  private static final Set<String> FIELDS =
      Set.of(
          LSN,
          EMITTED_IN_TRANSACTION,
          SYSTEM,
          SNAPSHOT,
          SNAPSHOT_REACHED,
          SNAPSHOT_FILES,
          SNAPSHOT_PARTITIONS,
          EPOCH,
          PUBLICATION,
          PARTITIONS,
          TIMELINE,
          CATALOG,
          NO_STRAY_ITEMS,
          EMITTED_AHEAD,
          EMITTED_AHEAD_AT);

  /**
   * Where a new slot begins.
   *
   * @param snapshot null if existing orders are not captured
   * @param snapshotFiles the tables' files, as the snapshot shows them
   */
  public static LogOffset start(
      Lsn lsn,
      String system,
      @Nullable String snapshot,
      @Nullable String snapshotFiles,
      long epoch) {
    return new LogOffset(
        lsn,
        0,
        system,
        snapshot,
        null,
        snapshotFiles,
        null,
        epoch,
        null,
        null,
        0,
        KnownTables.NONE);
  }

  /** The source partition of a slot; a HashMap for the same reason as {@link Shards#partition}. */
  public static Map<String, Object> partition(TableName orders, String slot) {
    Map<String, Object> partition = new HashMap<>();
    partition.put(TABLE, orders.toString());
    partition.put(SLOT, slot);
    return partition;
  }

  /** Selects the source partitions that belong to a slot, of any table. */
  public static List<Map<String, ?>> partitionsOfSlots(Collection<? extends Map<String, ?>> all) {
    return all.stream()
        .filter(partition -> partition.containsKey(SLOT))
        .<Map<String, ?>>map(partition -> partition)
        .toList();
  }

  /**
   * Parses the map form; numbers may be of any integral type or text, as Connect's REST API passes
   * them.
   *
   * @throws IllegalArgumentException if a field is missing, unknown or malformed
   */
  public static LogOffset of(Map<String, ?> map) {
    OffsetFields fields = new OffsetFields(map);
    fields.requireOnly(FIELDS);
    String snapshot = fields.textOrNull(SNAPSHOT);
    Lsn lsn = Lsn.parse(fields.text(LSN));
    return new LogOffset(
        lsn,
        fields.numberOrZero(EMITTED_IN_TRANSACTION),
        fields.text(SYSTEM),
        snapshot == null ? null : TransactionSnapshot.parse(snapshot).toString(),
        fields.textOrNull(SNAPSHOT_REACHED),
        fields.textOrNull(SNAPSHOT_FILES),
        textOrNull(
            fields,
            SNAPSHOT_PARTITIONS,
            OIDS,
            "set it to \"%s\", so that the orders of all partitions are captured again"
                .formatted(ALL_PARTITIONS)),
        fields.numberOrZero(EPOCH),
        fields.textOrNull(PUBLICATION),
        textOrNull(
            fields,
            PARTITIONS,
            ATTACHED,
            "remove it, so that the present partitions count as known"),
        fields.numberOrZero(TIMELINE),
        KnownTables.parse(
            fields.textOrNull(CATALOG),
            fields.textOrNull(NO_STRAY_ITEMS),
            emittedAhead(fields),
            lsn));
  }

  private static EmittedAhead emittedAhead(OffsetFields fields) {
    String text = fields.textOrNull(EMITTED_AHEAD);
    String place = place(fields.text(LSN), fields.numberOrZero(EMITTED_IN_TRANSACTION));
    if (text == null || !place.equals(fields.textOrNull(EMITTED_AHEAD_AT))) {
      return EmittedAhead.NONE;
    }
    try {
      return EmittedAhead.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          EMITTED_AHEAD
              + ": expected orders with version, pg_snapshot and pg_lsn, like"
              + " 7@3@740:745:741@0/16B3750, found "
              + text
              + "; remove it, so that versions may be emitted twice",
          e);
    }
  }

  private static String place(String lsn, long emittedInTransaction) {
    return lsn + " " + emittedInTransaction;
  }

  private static @Nullable String textOrNull(
      OffsetFields fields, String field, Pattern form, String fix) {
    String text = fields.textOrNull(field);
    if (text == null || form.matcher(text).matches()) {
      return text;
    }
    throw new IllegalArgumentException(
        "%s: %s does not name partitions by their OIDs; %s".formatted(field, text, fix));
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new HashMap<>(16);
    String position = lsn.toString();
    map.put(LSN, position);
    map.put(EMITTED_IN_TRANSACTION, emittedInTransaction);
    map.put(SYSTEM, system);
    if (snapshot != null) {
      map.put(SNAPSHOT, snapshot);
    }
    if (snapshotReached != null) {
      map.put(SNAPSHOT_REACHED, snapshotReached);
    }
    if (snapshotFiles != null) {
      map.put(SNAPSHOT_FILES, snapshotFiles);
    }
    if (snapshotPartitions != null) {
      map.put(SNAPSHOT_PARTITIONS, snapshotPartitions);
    }
    if (partitions != null) {
      map.put(PARTITIONS, partitions);
    }
    if (epoch > 0) {
      map.put(EPOCH, epoch);
    }
    if (publication != null) {
      map.put(PUBLICATION, publication);
    }
    if (timeline > 0) {
      map.put(TIMELINE, timeline);
    }
    if (known.catalog() != null) {
      map.put(CATALOG, known.catalog().toString());
    }
    String strayItems = known.strayItemsText(position);
    if (strayItems != null) {
      map.put(NO_STRAY_ITEMS, strayItems);
    }
    if (!known.emittedAhead().orders().isEmpty()) {
      map.put(EMITTED_AHEAD, known.emittedAhead().toString());
      map.put(EMITTED_AHEAD_AT, place(position, emittedInTransaction));
    }
    return map;
  }

  @Override
  public long position() {
    return lsn.value();
  }

  /** Whether only whole database transactions are emitted. */
  public boolean isAtTransactionBoundary() {
    return emittedInTransaction == 0;
  }

  /** Whether the initial snapshot still has orders to emit. */
  public boolean isInSnapshot() {
    return snapshot != null;
  }

  /** The offset once all transactions before a position are emitted; never moves back. */
  public LogOffset advancedTo(Lsn position) {
    return position.isAfter(lsn) ? withLsn(position, 0) : this;
  }

  /** The offset once some orders of the transaction that commits at a position are emitted. */
  public LogOffset withinTransaction(Lsn commitLsn, long emitted) {
    return withLsn(commitLsn, emitted);
  }

  private LogOffset withLsn(Lsn position, long emitted) {
    return new LogOffset(
        position,
        emitted,
        system,
        snapshot,
        snapshotReached,
        snapshotFiles,
        snapshotPartitions,
        epoch,
        publication,
        partitions,
        timeline,
        known.reached(position));
  }

  /** The offset once the snapshot has emitted the orders up to this one. */
  public LogOffset withSnapshotReached(String orderId) {
    return withSnapshot(snapshot, orderId, snapshotFiles, snapshotPartitions);
  }

  /** The offset once the snapshot is complete. */
  public LogOffset withSnapshotComplete() {
    return withSnapshot(null, null, null, null);
  }

  /**
   * The offset at the start of a snapshot of partitions.
   *
   * @param since a snapshot: the stream contains every transaction that it does not show
   * @param files the tables' files
   * @param oids of the partitions, or {@link #ALL_PARTITIONS}
   */
  public LogOffset withSnapshot(String since, String files, String oids) {
    return withSnapshot(since, null, files, oids);
  }

  private LogOffset withSnapshot(
      @Nullable String since,
      @Nullable String reached,
      @Nullable String files,
      @Nullable String oids) {
    return new LogOffset(
        lsn,
        emittedInTransaction,
        system,
        since,
        reached,
        files,
        oids,
        epoch,
        publication,
        partitions,
        timeline,
        known);
  }

  public LogOffset withPublication(String membership) {
    return withEnvironment(membership, partitions, timeline);
  }

  public LogOffset withPartitions(String attached) {
    LogOffset compared = withEnvironment(publication, attached, timeline);
    // Their rows came or went without the log, so that items may be without an order.
    return attached.equals(partitions) ? compared : compared.with(known.withoutStrayItems());
  }

  /** The offset on a timeline: another one than before assigns transaction IDs again. */
  public LogOffset withTimeline(long current) {
    LogOffset moved = withEnvironment(publication, partitions, current);
    return current == timeline ? moved : moved.with(EmittedAhead.NONE);
  }

  private LogOffset withEnvironment(
      @Nullable String membership, @Nullable String attached, long current) {
    return new LogOffset(
        lsn,
        emittedInTransaction,
        system,
        snapshot,
        snapshotReached,
        snapshotFiles,
        snapshotPartitions,
        epoch,
        membership,
        attached,
        current,
        known);
  }

  /** The offset with the orders whose events are ahead of it. */
  public LogOffset with(EmittedAhead ahead) {
    EmittedAhead left = ahead.reached(lsn);
    return left.equals(known.emittedAhead()) ? this : with(known.with(left));
  }

  public LogOffset with(KnownTables current) {
    return new LogOffset(
        lsn,
        emittedInTransaction,
        system,
        snapshot,
        snapshotReached,
        snapshotFiles,
        snapshotPartitions,
        epoch,
        publication,
        partitions,
        timeline,
        current);
  }
}
