package io.orderflow.source.log.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.log.change.DatabaseTransaction.Truncated;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.OldRow;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
import io.orderflow.source.log.pgoutput.RelationColumn;
import io.orderflow.source.log.pgoutput.ReplicaIdentity;
import io.orderflow.source.log.pgoutput.Streaming;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnType.Scalar;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes up the log of a shop whose orders are one row each: ID, status and version. */
final class ShopLog {

  static final OrderSchema LAYOUT =
      new OrderSchema(
          new TableSchema(
              List.of(
                  new Column("id", Scalar.INT64, "int8", false),
                  new Column("status", Scalar.TEXT, "text", false),
                  new Column("version", Scalar.INT64, "int8", false)),
              1),
          null,
          "id",
          OrderIdType.BIGINT,
          "version",
          "change_xid",
          false,
          List.of());

  private static final Relation ORDERS =
      new Relation(
          0,
          1,
          "public",
          "orders",
          ReplicaIdentity.DEFAULT,
          List.of(
              new RelationColumn("id", true, 20, -1),
              new RelationColumn("status", false, 25, -1),
              new RelationColumn("version", false, 20, -1)));

  private ShopLog() {}

  /** The transaction of this ID, which commits where its ID says. */
  static DatabaseTransaction transaction(long xid, OrderChange... changes) {
    return new DatabaseTransaction(
        xid, xid, xid + 1, 0, 0, List.of(changes), Truncated.NOTHING, false);
  }

  static OrderChange placed(long id, String status, long version) {
    return change(id, new RowChange.OrderPlaced(ORDERS, row(id, status, version)));
  }

  static OrderChange changed(long id, String status, long version) {
    return change(id, new RowChange.OrderChanged(ORDERS, row(id, status, version)));
  }

  static OrderChange deleted(long id) {
    return change(
        id, new RowChange.OrderDeleted(ORDERS, new OldRow(OldRow.Kind.KEY, row(id, "", 0))));
  }

  private static OrderChange change(long id, RowChange step) {
    return new OrderChange(Long.toString(id), List.of(step), true);
  }

  static OrderSnapshot order(long id, String status, long version) {
    return new OrderSnapshot(id, new ArrayList<>(List.of(id, status, version)), List.of(), false);
  }

  /** Orders as a look-up finds them when this transaction and all before it are committed. */
  static LookedUp lookedUp(long lastXid, OrderSnapshot... orders) {
    Map<String, OrderSnapshot> found = new HashMap<>();
    for (OrderSnapshot order : orders) {
      found.put(order.id().toString(), order);
    }
    return new LookedUp(
        LAYOUT, new TransactionSnapshot(lastXid + 1, lastXid + 1, List.of()), found);
  }

  /** Whatever is told, as "ID status version". */
  static List<String> texts(List<Told> all) {
    return all.stream()
        .map(
            told ->
                told.values().isEmpty()
                    ? told.id() + " gone"
                    : told.id() + " " + told.values().get(1) + " " + told.version())
        .toList();
  }

  private static Tuple row(long id, String status, long version) {
    List<String> values = List.of(Long.toString(id), status, Long.toString(version));
    ByteBuffer insert = ByteBuffer.allocate(200);
    insert.put((byte) 'I').putInt(1).put((byte) 'N').putShort((short) values.size());
    for (String value : values) {
      byte[] text = value.getBytes(UTF_8);
      insert.put((byte) 't').putInt(text.length).put(text);
    }
    return ((LogMessage.Insert) new PgOutputDecoder(Streaming.OFF).decode(insert.flip())).row();
  }
}
