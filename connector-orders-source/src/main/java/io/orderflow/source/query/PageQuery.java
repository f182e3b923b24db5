package io.orderflow.source.query;

import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import io.orderflow.source.read.OrderSnapshotReader;
import io.orderflow.source.read.OrdersQuery;
import io.orderflow.source.read.RowMark;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.value.OrderIdReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Selects the next orders after the offsets of some shards, in the order of their changes. */
final class PageQuery implements OrdersQuery<PageQuery.Header> {

  /**
   * The columns before the table's.
   *
   * @param offset of the shard once this row is emitted
   * @param committedAt milliseconds since the epoch; null if unknown
   * @param deletedVersion the version of a deleted order
   */
  record Header(
      int shard,
      ShardOffset offset,
      String orderId,
      @Nullable Long committedAt,
      RowMark mark,
      long deletedVersion) {}

  private final PageSql sql;
  private final Map<Integer, ShardOffset> offsets;
  private final SourceMetrics metrics;
  private final Map<Integer, ShardOffset> reached = new HashMap<>();
  private final Map<Integer, Map<String, Object>> partitions = new HashMap<>();

  private boolean more;
  private int previousShard = -1;
  private int rowsOfShard;
  private long phaseBegan = System.nanoTime();

  /**
   * Selects one page.
   *
   * @param offsets of the task's shards
   */
  PageQuery(PageSql sql, Map<Integer, ShardOffset> offsets, SourceMetrics metrics) {
    this.sql = sql;
    this.offsets = offsets;
    this.metrics = metrics;
  }

  @Override
  public String sql() {
    return sql.sql();
  }

  @Override
  public void bind(Connection connection, PreparedStatement statement) throws SQLException {
    OffsetsSql.bind(connection, statement, sql.schema().ids(), offsets);
  }

  @Override
  public int headerColumns() {
    return sql.headerColumns();
  }

  @Override
  public Header header(ResultSet row, String orderId) throws SQLException {
    int shard = row.getInt(1);
    ShardOffset offset =
        Objects.requireNonNull(offsets.get(shard)).at(Long.parseLong(row.getString(2)), orderId);
    reached.put(shard, offset);
    rowsOfShard = shard == previousShard ? rowsOfShard + 1 : 1;
    previousShard = shard;
    more |= (sql.hasMarks() ? row.getInt(6) : rowsOfShard) >= sql.perShard();
    RowMark mark = sql.hasMarks() ? RowMark.of(row.getInt(4)) : RowMark.ORDER;
    return new Header(
        shard,
        offset,
        orderId,
        longOrNull(row, 3),
        mark,
        mark == RowMark.DELETED ? deletedVersion(row, offset) : 0);
  }

  private static long deletedVersion(ResultSet row, ShardOffset offset) throws SQLException {
    Long kept = longOrNull(row, 5);
    return kept == null ? offset.version() : kept;
  }

  private static @Nullable Long longOrNull(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  @Override
  public boolean hasOrder(Header header) {
    return header.mark() == RowMark.ORDER || header.mark() == RowMark.HIDDEN;
  }

  @Override
  public boolean isDeleted(Header header) {
    return header.mark() == RowMark.HIDDEN;
  }

  @Override
  public void ordersRead() {
    phaseBegan = metrics.took(Phase.ORDERS, phaseBegan);
  }

  @Override
  public void itemsRead() {
    metrics.took(Phase.ITEMS, phaseBegan);
  }

  /**
   * The page, of the rows that a reader has read.
   *
   * @param readAt the time of the read, by the server's clock
   */
  Page page(List<OrderSnapshotReader.Row<Header>> rows, long readAt) {
    OrderSchema schema = sql.schema();
    String version = schema.version();
    int versionIndex = version == null ? -1 : schema.orders().indexOf(version).orElseThrow();
    OrderIdReader ids = new OrderIdReader(schema);
    List<EmittedEvent> events = new ArrayList<>(rows.size());
    for (OrderSnapshotReader.Row<Header> row : rows) {
      Header header = row.header();
      OrderSnapshot order = row.order();
      // An order that counted as deleted before capture began was never emitted.
      boolean neverEmitted = isDeleted(header) && header.offset().isInSnapshot();
      if (order != null && !neverEmitted) {
        events.add(emitted(header, changed(header, order, versionIndex, readAt)));
      } else if (header.mark() == RowMark.DELETED) {
        Object id = ids.read(header.orderId());
        events.add(
            emitted(
                header,
                OrderEvent.deletion(id, header.deletedVersion(), header.committedAt(), readAt)));
      }
    }
    return new Page(schema, events, reached, more);
  }

  private static OrderEvent changed(
      Header header, OrderSnapshot order, int versionIndex, long readAt) {
    long version =
        versionIndex < 0
            ? header.offset().version()
            : ((Number) Objects.requireNonNull(order.values().get(versionIndex))).longValue();
    if (order.deleted()) {
      return OrderEvent.deletion(order.id(), version, header.committedAt(), readAt);
    }
    return new OrderEvent(
        order.id(),
        version,
        header.offset().isInSnapshot() ? OrderEvent.Kind.SNAPSHOT : OrderEvent.Kind.CHANGE,
        header.committedAt(),
        readAt,
        order.values(),
        order.items());
  }

  private EmittedEvent emitted(Header header, OrderEvent event) {
    Map<String, Object> partition =
        partitions.computeIfAbsent(
            header.shard(), shard -> Shards.partition(sql.tables().orders(), shard));
    return new EmittedEvent(partition, header.offset(), event);
  }

  /**
   * The orders that one transaction has read.
   *
   * @param schema that the events' values follow
   * @param reached the offsets of the shards that have advanced
   * @param more whether a shard may have more changes that can be read at once
   */
  record Page(
      OrderSchema schema,
      List<EmittedEvent> events,
      Map<Integer, ShardOffset> reached,
      boolean more) {

    /** The IDs of the orders that were changed or deleted since capture began. */
    List<Object> changedIds() {
      return events.stream()
          .map(EmittedEvent::event)
          .filter(event -> event.kind() != OrderEvent.Kind.SNAPSHOT)
          .map(OrderEvent::id)
          .toList();
    }

    /**
     * The earliest commit time among the last changes of each shard, in milliseconds since the
     * epoch: everything that was committed before is captured. Empty if it is unknown.
     */
    OptionalLong capturedUpTo() {
      Map<Map<String, Object>, OrderEvent> last = new HashMap<>();
      events.forEach(event -> last.put(event.partition(), event.event()));
      boolean known =
          !last.isEmpty()
              && last.values().stream()
                  .allMatch(
                      event ->
                          event.kind() != OrderEvent.Kind.SNAPSHOT && event.committedAt() != null);
      return known
          ? last.values().stream()
              .map(OrderEvent::committedAt)
              .mapToLong(Objects::requireNonNull)
              .min()
          : OptionalLong.empty();
    }
  }
}
