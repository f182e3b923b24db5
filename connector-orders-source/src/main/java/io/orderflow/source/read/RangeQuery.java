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
 * header says which transaction wrote the row of the orders table.
 */
final class RangeQuery implements OrdersQuery<RangeQuery.Header> {

  /**
   * The columns before the table's.
   *
   * @param writer lower 32 bits of the transaction that wrote the row
   */
  record Header(long writer, RowMark mark) {}

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
    return texts.ordersInRange(range, condition);
  }

  @Override
  public void bind(Connection connection, PreparedStatement statement) throws SQLException {
    condition.bind(connection, statement, range.bind(statement, texts.schema().ids()));
  }

  @Override
  public int headerColumns() {
    return texts.rows().haveMarks() ? 2 : 1;
  }

  @Override
  public Header header(ResultSet row, String orderId) throws SQLException {
    return new Header(
        row.getLong(1), texts.rows().haveMarks() ? RowMark.of(row.getInt(2)) : RowMark.ORDER);
  }

  @Override
  public boolean hasOrder(Header header) {
    return header.mark() != RowMark.FILTERED;
  }

  @Override
  public boolean isDeleted(Header header) {
    return header.mark() == RowMark.HIDDEN;
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

  List<OrderSnapshot> untouched(List<OrderSnapshotReader.Row<Header>> rows) {
    List<OrderSnapshot> untouched = new ArrayList<>(rows.size());
    for (OrderSnapshotReader.Row<Header> row : rows) {
      OrderSnapshot order = row.order();
      if (order != null
          && !isTouched.test(row.header().writer())
          && !touchedByItems.contains(OrderKey.of(order.id()))) {
        untouched.add(order);
      }
    }
    return untouched;
  }
}
