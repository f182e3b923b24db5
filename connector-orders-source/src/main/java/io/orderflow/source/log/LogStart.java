package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.LogPosition;
import io.orderflow.source.event.Snapshot;
import io.orderflow.source.event.ToldShards;
import io.orderflow.source.event.UnusableTables;
import io.orderflow.source.log.assembly.Assembler;
import io.orderflow.source.log.load.Load;
import io.orderflow.source.log.load.LoadSettings;
import io.orderflow.source.log.slot.LogStream;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.tell.Owed;
import io.orderflow.source.log.tell.Teller;
import io.orderflow.source.measure.SourceMetrics;
import io.orderflow.source.measure.Step;
import io.orderflow.source.whole.WholeOrders;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens captures of one slot, each from where the last one stood. For one thread. */
public final class LogStart implements AutoCloseable {

  /** Steps of a larger transaction are not kept; its orders are looked up. */
  private static final long MOST_BYTES = 64 << 20;

  /** How many orders are remembered: at a thousand bytes each, some tens of megabytes. */
  private static final int KNOWN_ORDERS = 30_000;

  /** Looks at what the stream rests on, before it begins. */
  @FunctionalInterface
  public interface Check {

    /** Throws where changes would be passed over. */
    void reached(Connection connection, Layout layout) throws SQLException;
  }

  private final LogPlan plan;
  private final DatabaseSettings settings;
  private final Check check;
  private final ToldShards told;
  private final SlotSource slots;
  private final Map<String, Object> partition;
  private final Database database;
  private final Owed owed = new Owed();
  private final SourceMetrics metrics;

  private @Nullable LogPosition position;

  /**
   * Ready to open; connects to nothing yet.
   *
   * @param check for each start
   * @param stored where an earlier capture stood; null to begin
   * @param told what was told by queries; where that was later, the log is begun behind it
   */
  public LogStart(
      LogPlan plan,
      DatabaseSettings settings,
      Check check,
      @Nullable LogPosition stored,
      ToldShards told,
      SourceMetrics metrics) {
    this.plan = plan;
    this.metrics = metrics;
    this.check = check;
    this.settings = settings;
    this.told = told;
    this.position = told.isAfter(stored) ? null : stored;
    this.slots = new SlotSource(plan, settings, told);
    this.partition = LogPosition.partition(plan.tables().orders(), plan.slot());
    this.database = Database.open(settings, Database.Mode.SNAPSHOT_READ_ONLY, name("look-up"), 1);
    metrics.pool("look-up", database::use);
    metrics.steps(List.of(Step.LOOK_UP, Step.TELL, Step.CHUNK, Step.RECORDS));
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
  public Owed owed() {
    return owed;
  }

  /** The next capture begins here. */
  public void from(LogPosition now) {
    position = now;
  }

  /** Connects, and makes the slot where there has never been one. */
  public LogRun open() throws SQLException {
    WholeOrders orders = new WholeOrders(plan.tables(), plan.decimals());
    LookUps lookUps = new LookUps(database, orders);
    slots.publish();
    Layout layout = lookUps.layout();
    Publication publication = slots.publication();
    // Taken first: what is changed after this look is found by the watch.
    Publication.State published = database.transaction(publication::state);
    database.transaction(
        connection -> {
          check.reached(connection, layout);
          return true;
        });
    LogPosition ready =
        slots.published(
            database.transaction(connection -> slots.ready(connection, position)),
            published.membership());
    position = ready;
    Begun begun = begin(ready);
    LogPosition from = begun.from();
    LogReader reader =
        new LogReader(
            begun.stream(),
            new Assembler(plan.tables(), layout.ordersId(), MOST_BYTES),
            name("reader"));
    try {
      return new LogRun(
          reader,
          new Watch(database, publication, plan.slot(), begun.stream().pid(), published),
          new Teller(
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
  private record Begun(LogStream stream, LogPosition from) {}

  private Begun begin(LogPosition ready) throws SQLException {
    ReplicationConnection connection = ReplicationConnection.open(settings, name("stream"));
    try {
      LogPosition from = slots.onTimeline(connection, ready);
      return new Begun(connection.stream(plan.slot(), plan.publication(), from.lsn(), 1), from);
    } catch (SQLException | RuntimeException | Error failure) {
      connection.close();
      throw failure;
    }
  }

  private @Nullable Load load(LogPosition from) {
    String since = from.loadSnapshot();
    if (since == null) {
      return null;
    }
    return Load.begin(
        loadSettings(from),
        Database.open(
            settings, Database.Mode.SNAPSHOT_READ_ONLY, name("load"), plan.loadConnections()),
        Snapshot.parse(since),
        from.loadedTo(),
        connection -> slots.requireSameServer(connection, from));
  }

  private LoadSettings loadSettings(LogPosition from) {
    if (from.turn() == 0) {
      return new LoadSettings(
          plan.tables(), plan.decimals(), plan.loadConnections(), plan.loadChunkOrders());
    }
    if (told.turn() != from.turn() - 1) {
      throw new UnusableTables(
          "capture",
          "expected the offsets of the shards, which say what is left to load, to have \"turn\" %d, found %s; stop the connector and reset all its offsets (DELETE /connectors/NAME/offsets): all orders are captured anew"
              .formatted(from.turn() - 1, told.turn() < 0 ? "none" : told.turn()));
    }
    told.requireWhole();
    return new LoadSettings(
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
