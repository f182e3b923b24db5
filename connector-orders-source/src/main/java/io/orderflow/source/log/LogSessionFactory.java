package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.handover.QueryOffsets;
import io.orderflow.source.log.change.ChangeResolver;
import io.orderflow.source.log.change.DeferredVersions;
import io.orderflow.source.log.change.TransactionAssembler;
import io.orderflow.source.log.slot.LogStream;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.log.snapshot.SnapshotSettings;
import io.orderflow.source.metrics.Phase;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshots;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens captures of one slot, each from where the last one stood. For one thread. */
public final class LogSessionFactory implements AutoCloseable {

  /** Steps of a larger transaction are not kept; its orders are looked up. */
  private static final long MOST_BYTES = 64 << 20;

  /** How many orders are remembered: at a thousand bytes each, some tens of megabytes. */
  private static final int KNOWN_ORDERS = 30_000;

  /** Looks at what the stream rests on, before it begins. */
  @FunctionalInterface
  public interface Check {

    /** Throws where changes would be passed over. */
    void reached(Connection connection, OrderSchema layout) throws SQLException;
  }

  private final LogPlan plan;
  private final DatabaseSettings settings;
  private final Check check;
  private final QueryOffsets told;
  private final SlotProvisioner slots;
  private final Map<String, Object> partition;
  private final Database database;
  private final DeferredVersions owed = new DeferredVersions();
  private final SourceMetrics metrics;

  private @Nullable LogOffset position;

  /**
   * Ready to open; connects to nothing yet.
   *
   * @param check for each start
   * @param stored where an earlier capture stood; null to begin
   * @param told what was told by queries; where that was later, the log is begun behind it
   */
  public LogSessionFactory(
      LogPlan plan,
      DatabaseSettings settings,
      Check check,
      @Nullable LogOffset stored,
      QueryOffsets told,
      SourceMetrics metrics) {
    this.plan = plan;
    this.metrics = metrics;
    this.check = check;
    this.settings = settings;
    this.told = told;
    this.position = told.isAfter(stored) ? null : stored;
    this.slots = new SlotProvisioner(plan, settings, told);
    this.partition = LogOffset.partition(plan.tables().orders(), plan.slot());
    this.database = Database.open(settings, Database.Mode.SNAPSHOT_READ_ONLY, name("look-up"), 1);
    metrics.pool("look-up", database::use);
    metrics.steps(List.of(Phase.LOOK_UP, Phase.TELL, Phase.CHUNK, Phase.RECORDS));
  }

  /** Connect's source partition of the slot. */
  public Map<String, Object> partition() {
    return partition;
  }

  /** Whether nothing has ever been told, as far as is stored. */
  public boolean isFirst() {
    return position == null;
  }

  /** Whether the next capture begins between two transactions, and not within one. */
  public boolean isBetween() {
    return position == null || position.done() == 0;
  }

  /** What its captures still have to tell, of what look-ups have shown early. */
  public DeferredVersions owed() {
    return owed;
  }

  /** The next capture begins here. */
  public void from(LogOffset now) {
    position = now;
  }

  /** Connects, and makes the slot where there has never been one. */
  public LogSession open() throws SQLException {
    OrderSnapshots orders = new OrderSnapshots(plan.tables(), plan.decimals());
    LookUps lookUps = new LookUps(database, orders);
    slots.publish();
    OrderSchema layout = lookUps.layout();
    Publication publication = slots.publication();
    // Taken first: what is changed after this look is found by the watch.
    Publication.State published = database.transaction(publication::state);
    database.transaction(
        connection -> {
          check.reached(connection, layout);
          return true;
        });
    LogOffset ready =
        slots.published(
            database.transaction(connection -> slots.ready(connection, position)),
            published.membership());
    position = ready;
    Begun begun = begin(ready);
    LogOffset from = begun.from();
    LogReader reader =
        new LogReader(
            begun.stream(),
            new TransactionAssembler(plan.tables(), layout.ordersId(), MOST_BYTES),
            name("reader"));
    try {
      return new LogSession(
          reader,
          new SlotMonitor(database, publication, plan.slot(), begun.stream().pid(), published),
          new ChangeResolver(
              layout, plan.tables().where() != null, KNOWN_ORDERS, owed, InstantSource.system()),
          lookUps,
          new LogEvents(partition, from),
          load(from),
          plan.mostOrders(),
          metrics);
    } catch (RuntimeException | Error failure) {
      reader.close();
      throw failure;
    }
  }

  /** A stream, and where it begins. */
  private record Begun(LogStream stream, LogOffset from) {}

  private Begun begin(LogOffset ready) throws SQLException {
    ReplicationConnection connection = ReplicationConnection.open(settings, name("stream"));
    try {
      LogOffset from = slots.onTimeline(connection, ready);
      return new Begun(connection.stream(plan.slot(), plan.publication(), from.lsn(), 1), from);
    } catch (SQLException | RuntimeException | Error failure) {
      connection.close();
      throw failure;
    }
  }

  private @Nullable InitialSnapshot load(LogOffset from) {
    String since = from.loadSnapshot();
    if (since == null) {
      return null;
    }
    return InitialSnapshot.begin(
        loadSettings(from),
        Database.open(
            settings, Database.Mode.SNAPSHOT_READ_ONLY, name("load"), plan.loadConnections()),
        TransactionSnapshot.parse(since),
        from.loadedTo(),
        connection -> slots.requireSameServer(connection, from));
  }

  private SnapshotSettings loadSettings(LogOffset from) {
    if (from.turn() == 0) {
      return new SnapshotSettings(
          plan.tables(), plan.decimals(), plan.loadConnections(), plan.loadChunkOrders());
    }
    if (told.turn() != from.turn() - 1) {
      throw new UnusableTablesException(
          "capture",
          "expected the offsets of the shards, which say what is left to load, to have \"epoch\" %d, found %s; stop the connector and reset all its offsets (DELETE /connectors/NAME/offsets): all orders are captured anew"
              .formatted(from.turn() - 1, told.turn() < 0 ? "none" : told.turn()));
    }
    told.requireWhole();
    return new SnapshotSettings(
        plan.tables().withStamps(),
        plan.decimals(),
        plan.loadConnections(),
        plan.loadChunkOrders(),
        told);
  }

  private String name(String what) {
    return "orderflow-orders-source " + plan.name() + " " + what;
  }

  @Override
  public void close() {
    database.close();
  }
}
