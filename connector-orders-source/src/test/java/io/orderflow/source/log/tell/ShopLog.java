package io.orderflow.source.log.tell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.event.Column;
import io.orderflow.source.event.ColumnType.Scalar;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.Snapshot;
import io.orderflow.source.event.TableLayout;
import io.orderflow.source.log.assembly.DatabaseTransaction;
import io.orderflow.source.log.assembly.DatabaseTransaction.Truncated;
import io.orderflow.source.log.assembly.OrderChange;
import io.orderflow.source.log.assembly.Step;
import io.orderflow.source.log.protocol.LogMessage;
import io.orderflow.source.log.protocol.LogMessage.Relation;
import io.orderflow.source.log.protocol.OldRow;
import io.orderflow.source.log.protocol.PgOutput;
import io.orderflow.source.log.protocol.RelationColumn;
import io.orderflow.source.log.protocol.ReplicaIdentity;
import io.orderflow.source.log.protocol.Streaming;
import io.orderflow.source.log.protocol.Tuple;
import io.orderflow.source.whole.WholeOrder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes up the log of a shop whose orders are one row each: ID, status and version. */
final class ShopLog {

  static final Layout LAYOUT =
      new Layout(
          new TableLayout(
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
    return change(id, new Step.OrderPlaced(ORDERS, row(id, status, version)));
  }

  static OrderChange changed(long id, String status, long version) {
    return change(id, new Step.OrderChanged(ORDERS, row(id, status, version)));
  }

  static OrderChange deleted(long id) {
    return change(id, new Step.OrderDeleted(ORDERS, new OldRow(OldRow.Kind.KEY, row(id, "", 0))));
  }

  private static OrderChange change(long id, Step step) {
    return new OrderChange(Long.toString(id), List.of(step), true);
  }

  static WholeOrder order(long id, String status, long version) {
    return new WholeOrder(id, new ArrayList<>(List.of(id, status, version)), List.of(), false);
  }

  /** Orders as a look-up finds them when this transaction and all before it are committed. */
  static LookedUp lookedUp(long lastXid, WholeOrder... orders) {
    Map<String, WholeOrder> found = new HashMap<>();
    for (WholeOrder order : orders) {
      found.put(order.id().toString(), order);
    }
    return new LookedUp(LAYOUT, new Snapshot(lastXid + 1, lastXid + 1, List.of()), found);
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
    return ((LogMessage.Insert) new PgOutput(Streaming.OFF).decode(insert.flip())).row();
  }
}
