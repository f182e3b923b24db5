package io.orderflow.sink.record;

import static io.orderflow.sink.fixture.Values.map;
import static io.orderflow.sink.record.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.record.Fields.DocumentFields;
import io.orderflow.sink.record.Fields.InventoryFields;
import io.orderflow.sink.record.Fields.ItemFields;
import io.orderflow.sink.update.Deletion;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Debezium's events of deleted rows and truncated tables; {@link ProducersTest} has the others. */
class ChangeEventsTest {

  private static final String FULL =
      " Set REPLICA IDENTITY FULL on the table in the source database.";

  /** Of shipments, which refer to an order. */
  private static final Fields SHIPMENTS =
      new Fields(
          Fields.defaults().order(),
          new InventoryFields(
              FieldPath.of("after.order_id"),
              FieldPath.of("source.lsn"),
              FieldPath.of("after.intent"),
              ItemFields.of(
                  FieldPath.of("after.items"), FieldPath.of("sku"), FieldPath.of("quantity")),
              DocumentFields.defaults()),
          Fields.defaults().payment());

  private final UpdateReader reader =
      Records.reader(SHIPMENTS, LogicalEvent.INTENTS, OrderIdType.BIGINT);

  @Test
  void orderIsNamedByTheRowBeforeAndNotByTheKeyOfItsTable() {
    assertEquals(
        List.of(new Deletion(5L, 7)),
        reader.read(deleted(map("id", 99L), map("id", 99L, "order_id", 5L))));
    assertEquals(
        OrderIdType.UUID,
        UpdateReader.idTypeOf(
            deleted(
                map("id", 99L), map("id", 99L, "order_id", "6f1c1c3a-8a55-4c1e-9a39-2d1b8c0f4e11")),
            Records.ROLES,
            SHIPMENTS));
  }

  @Test
  void rowBeforeWithoutTheOrderIdIsABadRecord() {
    Records.assertBad(
        reader,
        deleted(map("id", 99L), map("id", 99L, "order_id", null)),
        "before.order_id: expected an order ID, found null (@)." + FULL);
    Records.assertBad(
        reader,
        deleted(map("id", 99L), map("id", 99L, "order_id", 0)),
        "before.order_id: expected an order ID, found 0, which may stand for a column that is not"
            + " logged (@)."
            + FULL);
  }

  @Test
  void keyMayNameTheOrderWithoutARowBefore() {
    assertEquals(List.of(new Deletion(0L, 7)), reader.read(deleted(map("order_id", 0L), null)));
    assertEquals(List.of(new Deletion(5L, 7)), reader.read(deleted(5L, null)));
  }

  @Test
  void versionOfTheHeaderTakesPrecedence() {
    // Given
    SinkRecord deleted = deleted(map("id", 99L), map("order_id", 5L));
    deleted.headers().addLong(OrderEvents.VERSION_HEADER, 8);

    // Then
    assertEquals(List.of(new Deletion(5L, 8)), reader.read(deleted));
  }

  @Test
  void truncatedTableNamesNoOrder() {
    Records.assertBad(
        reader,
        record("inventory", null, map("before", null, "after", null, "op", "t")),
        "op: expected a change of one row, found a TRUNCATE of the table (@). Release the orders of"
            + " the table with inventory updates: the event does not name them. Set"
            + " skipped.operations=t in Debezium to leave such events out.");
  }

  @Test
  void missingFieldOfAnEnvelopeIsNamed() {
    Records.assertBad(
        reader,
        record("inventory", null, map("before", null, "after", map(), "op", "c")),
        "after.order_id: expected an order ID, found no such field (@). Send the field, or set its"
            + " name in the connector's configuration.");
  }

  private static SinkRecord deleted(Object key, @Nullable Object before) {
    return record(
        "inventory",
        key,
        map("before", before, "after", null, "source", map("lsn", 7L), "op", "d"));
  }
}
