package io.orderflow.source.read;

import io.orderflow.source.event.OrderKey;
import io.orderflow.source.event.OrderSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects a range of orders, and excludes those with a touched row, of the order or of an item. The
 * header is the transaction that wrote the row.
 */
final class RangeQuery implements OrdersQuery<Long> {

  /** The transaction that wrote the row; the table's columns follow. */
  static final String WRITER = "xmin, ";

  private final OrderSnapshotSql texts;
  private final KeyRange range;
  private final RowCondition condition;
  private final LongPredicate isTouched;
  private final Set<Object> touchedByItems = new HashSet<>();

  RangeQuery(
      OrderSnapshotSql texts, KeyRange range, RowCondition condition, LongPredicate isTouched) {
    this.texts = texts;
    this.range = range;
    this.condition = condition;
    this.isTouched = isTouched;
  }

  @Override
  public String sql() {
    return texts.ordersInRange(WRITER + texts.orderColumns(), range, condition);
  }

  @Override
  public void bind(Connection connection, PreparedStatement statement) throws SQLException {
    condition.bind(connection, statement, range.bind(statement, texts.schema().ids()));
  }

  @Override
  public int headerColumns() {
    return 1;
  }

  @Override
  public Long header(ResultSet row, String orderId) throws SQLException {
    return row.getLong(1);
  }

  /** If there is a condition, few orders of the range are read, and their items by their IDs. */
  @Override
  public @Nullable KeyRange itemRange() {
    return condition.isNone() ? range : null;
  }

  @Override
  public boolean tracksItemWriters() {
    return true;
  }

  @Override
  public void itemRead(Object orderKey, long xid) {
    if (isTouched.test(xid)) {
      touchedByItems.add(orderKey);
    }
  }

  List<OrderSnapshot> untouched(List<OrderSnapshotReader.Row<Long>> rows) {
    List<OrderSnapshot> untouched = new ArrayList<>(rows.size());
    for (OrderSnapshotReader.Row<Long> row : rows) {
      OrderSnapshot order = row.order();
      if (order != null
          && !isTouched.test(row.header())
          && !touchedByItems.contains(OrderKey.of(order.id()))) {
        untouched.add(order);
      }
    }
    return untouched;
  }
}
