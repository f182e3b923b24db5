package io.orderflow.source.log.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.change.DatabaseTransaction.Truncated;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RelationColumn;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnType.Scalar;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes transactions of orders with an ID, a status and a version; and of items with a SKU. */
public final class OrderLog {

  /** One row is one order, and the column {@code version} is its version. */
  public static final OrderSchema WITHOUT_ITEMS = schema(null, "version");

  /** All rows are logged under the present schema. */
  public static final CatalogVersion CATALOG = new CatalogVersion("1", 0);

  private static final TableSchema ITEMS =
      new TableSchema(
          List.of(
              new Column("order_id", Scalar.INT64, "int8", false),
              new Column("line_no", Scalar.INT64, "int8", false),
              new Column("sku", Scalar.TEXT, "text", false)),
          1);

  /** The column {@code version} is the version. */
  static final OrderSchema WITH_VERSIONS = schema(ITEMS, "version");

  /** The log's positions are the versions. */
  static final OrderSchema WITHOUT_VERSIONS = schema(ITEMS, null);

  private static final Relation ORDERS_RELATION =
      relation(
          1, "orders", new RelationColumn("id", true, 20, -1), column("status"), column("version"));

  private static final Relation ITEMS_RELATION =
      relation(
          2,
          "order_items",
          new RelationColumn("order_id", true, 20, -1),
          new RelationColumn("line_no", true, 20, -1),
          column("sku"));

  private OrderLog() {}

  private static OrderSchema schema(@Nullable TableSchema items, @Nullable String version) {
    return new OrderSchema(
        new TableSchema(
            List.of(
                new Column("id", Scalar.INT64, "int8", false),
                new Column("status", Scalar.TEXT, "text", false),
                new Column("version", Scalar.INT64, "int8", false)),
            1),
        items,
        OrderIdColumns.of("id", OrderIdType.BIGINT),
        version,
        "change_xid",
        items == null ? List.of() : List.of("line_no"),
        true);
  }

  private static RelationColumn column(String name) {
    return new RelationColumn(name, false, 25, -1);
  }

  private static Relation relation(long oid, String table, RelationColumn... columns) {
    return new Relation(oid, "public", table, List.of(columns));
  }

  /** The transaction with this ID, which commits at the position that equals it. */
  static DatabaseTransaction transaction(long xid, OrderChange... changes) {
    return new DatabaseTransaction(
        xid, new Lsn(xid), new Lsn(xid + 1), 0, 0, List.of(changes), List.of(), Truncated.NOTHING);
  }

  /** All orders of some transactions, in one batch. */
  static List<TransactionPart> batch(DatabaseTransaction... transactions) {
    return Stream.of(transactions)
        .map(transaction -> new TransactionPart(transaction, 0, transaction.orders().size()))
        .toList();
  }

  /** A change that writes a version to the order's row. */
  static OrderChange change(long id, long version, RowChange... rows) {
    return new OrderChange(Long.toString(id), List.of(rows), true, version, OrderChange.NO_VERSION);
  }

  static OrderChange inserted(long id, String status, long version) {
    return change(id, version, insertedRow(id, status, version));
  }

  static OrderChange updated(long id, String status, long version) {
    return change(id, version, updatedRow(id, status, version));
  }

  static OrderChange deleted(long id) {
    return change(id, OrderChange.NO_VERSION, deletedRow(id));
  }

  static RowChange insertedRow(long id, String status, long version) {
    return new RowChange.OrderInserted(ORDERS_RELATION, order(id, status, version));
  }

  static RowChange updatedRow(long id, String status, long version) {
    return new RowChange.OrderUpdated(ORDERS_RELATION, order(id, status, version));
  }

  static RowChange deletedRow(long id) {
    return new RowChange.OrderDeleted(
        ORDERS_RELATION, new OldRow(OldRow.Kind.KEY, order(id, "", 0)));
  }

  static RowChange insertedItem(long id, long line, String sku) {
    return new RowChange.ItemInserted(ITEMS_RELATION, item(id, line, sku));
  }

  static RowChange updatedItem(long id, long line, String sku) {
    return new RowChange.ItemUpdated(ITEMS_RELATION, null, item(id, line, sku));
  }

  static RowChange deletedItem(long id, long line) {
    return new RowChange.ItemDeleted(
        ITEMS_RELATION, new OldRow(OldRow.Kind.KEY, item(id, line, "")));
  }

  public static OrderSnapshot snapshot(long id, String status, long version) {
    return new OrderSnapshot(id, new ArrayList<>(List.of(id, status, version)), List.of(), false);
  }

  /** The answer to a look-up once this transaction and all before it are committed. */
  public static LookUpResult lookedUp(long lastXid, Set<Long> requested, OrderSnapshot... orders) {
    Map<String, OrderSnapshot> found = new HashMap<>();
    for (OrderSnapshot order : orders) {
      found.put(order.id().toString(), order);
    }
    Set<String> ids = new HashSet<>();
    requested.forEach(id -> ids.add(id.toString()));
    return new LookUpResult(
        new TransactionSnapshot(lastXid + 1, lastXid + 1, List.of()),
        new Lsn(lastXid + 1),
        ids,
        found,
        Map.of());
  }

  /** An event as "ID status version", or "ID deleted". */
  public static String text(OrderEvent event) {
    return event.kind() == OrderEvent.Kind.DELETE
        ? event.id() + " deleted"
        : event.id() + " " + event.values().get(1) + " " + event.version();
  }

  private static Tuple order(long id, String status, long version) {
    return tuple(Long.toString(id), status, Long.toString(version));
  }

  private static Tuple item(long id, long line, String sku) {
    return tuple(Long.toString(id), Long.toString(line), sku);
  }

  private static Tuple tuple(String... values) {
    ByteBuffer insert = ByteBuffer.allocate(200);
    insert.put((byte) 'I').putInt(1).put((byte) 'N').putShort((short) values.length);
    for (String value : values) {
      byte[] text = value.getBytes(UTF_8);
      insert.put((byte) 't').putInt(text.length).put(text);
    }
    LogMessage message = PgOutputDecoder.decode(insert.flip());
    if (message instanceof LogMessage.Insert decoded) {
      return decoded.row();
    }
    throw new IllegalStateException("not an insert: " + message);
  }
}
