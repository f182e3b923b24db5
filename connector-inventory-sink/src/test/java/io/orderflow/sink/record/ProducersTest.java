package io.orderflow.sink.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.sink.record.Fields.DocumentFields;
import io.orderflow.sink.record.Fields.InventoryFields;
import io.orderflow.sink.record.Fields.ItemFields;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.record.Fields.PaymentFields;
import io.orderflow.sink.record.ProducerForms.Content;
import io.orderflow.sink.record.ProducerForms.Named;
import io.orderflow.sink.update.Deletion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One event in the forms of many producers and converters: the sink reads the same updates. */
class ProducersTest {

  private static final int SEEDS = 400;

  /** How a producer wraps the row. */
  enum Wrapping {
    /** The row itself; a deleted one is a tombstone. */
    ROW(""),
    NESTED("data.order."),
    DEBEZIUM("after."),
    /** As a JSON envelope that is read without schemas, or in CloudEvents. */
    DEBEZIUM_NESTED("payload.after."),
    /** By the transformation Flatten. */
    DEBEZIUM_FLATTENED("after."),
    /** By Debezium's ExtractNewRecordState. */
    DEBEZIUM_UNWRAPPED("");

    private final String row;

    Wrapping(String row) {
      this.row = row;
    }

    boolean hasDeletes() {
      return this != ROW && this != NESTED;
    }
  }

  /** How the record comes through Kafka. */
  enum Wire {
    STRUCT,
    JSON,
    JSON_WITH_SCHEMAS
  }

  static Stream<Arguments> forms() {
    return Stream.of(Wrapping.values())
        .flatMap(wrapping -> Stream.of(Wire.values()).map(wire -> Arguments.of(wrapping, wire)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void formOfAnEventDoesNotMatter(Wrapping wrapping, Wire wire) {
    for (int seed = 0; seed < SEEDS; seed++) {
      // Given
      Random random = new Random(seed);
      LogicalEvent event = LogicalEvent.random(random, seed % 2 == 0 ? 0 : 3);
      boolean versionOfEvent = wrapping.hasDeletes() && random.nextBoolean();
      SinkRecord record = render(event, wrapping, wire, random);

      // When
      UpdateReader reader =
          Records.reader(
              fields(wrapping, versionOfEvent),
              LogicalEvent.INTENTS,
              event.idType(),
              event.scale());

      // Then
      assertEquals(
          event.expected(versionOfEvent ? event.version() : Deletion.FINAL),
          LogicalEvent.stripped(reader.read(record)),
          () -> event + " as " + record.key() + " -> " + record.value());
    }
  }

  private static SinkRecord render(
      LogicalEvent event, Wrapping wrapping, Wire wire, Random random) {
    ProducerForms forms = new ProducerForms(random);
    List<Named> row = row(event, forms);
    Content value =
        event.deleted() && !wrapping.hasDeletes()
            ? new Content(Schema.OPTIONAL_STRING_SCHEMA, null)
            : wrap(event, row, wrapping, forms, random);
    Content key = key(event, value.value() != null, forms, random);
    String topic =
        switch (event.role()) {
          case ORDER -> "orders";
          case INVENTORY -> "inventory";
          case PAYMENT -> "payments";
        };
    return Records.record(topic, sent(key, wire), sent(value, wire));
  }

  private static List<Named> row(LogicalEvent event, ProducerForms forms) {
    return List.of(
        new Named("order_no", forms.id(event.id())),
        new Named("revision", forms.whole(event.version())),
        new Named("state", forms.text(event.status())),
        new Named("lines", forms.items(event.lines())),
        new Named("price", forms.decimal(event.amount())),
        new Named("money", forms.currency(event.currency())),
        new Named("provider", forms.text(event.provider())),
        new Named("reference", forms.text("R-9")));
  }

  private static Content wrap(
      LogicalEvent event, List<Named> row, Wrapping wrapping, ProducerForms forms, Random random) {
    Content content = ProducerForms.struct(row);
    Content none = new Content(content.schema(), null);
    Content lsn = ProducerForms.struct(List.of(new Named("lsn", forms.whole(event.version()))));
    String write = List.of("c", "u", "r").get(random.nextInt(3));
    Content op = forms.text(event.deleted() ? "d" : write);
    Content envelope =
        ProducerForms.struct(
            List.of(
                new Named("before", event.deleted() || random.nextBoolean() ? content : none),
                new Named("after", event.deleted() ? none : content),
                new Named("source", lsn),
                new Named("op", op)));
    return switch (wrapping) {
      case ROW -> content;
      case NESTED ->
          ProducerForms.struct(
              List.of(
                  new Named("data", ProducerForms.struct(List.of(new Named("order", content))))));
      case DEBEZIUM -> envelope;
      case DEBEZIUM_NESTED -> ProducerForms.struct(List.of(new Named("payload", envelope)));
      case DEBEZIUM_FLATTENED -> {
        List<Named> flat = new ArrayList<>();
        String side = event.deleted() ? "before." : "after.";
        row.forEach(field -> flat.add(new Named(side + field.name(), field.content())));
        flat.add(new Named("source.lsn", forms.whole(event.version())));
        flat.add(new Named("op", op));
        yield ProducerForms.struct(flat);
      }
      case DEBEZIUM_UNWRAPPED -> {
        List<Named> unwrapped = new ArrayList<>(row);
        unwrapped.add(new Named("__deleted", forms.text(String.valueOf(event.deleted()))));
        unwrapped.add(new Named("__lsn", forms.whole(event.version())));
        yield ProducerForms.struct(unwrapped);
      }
    };
  }

  /** The order ID, as it is or in a struct, or the key of another table, or none. */
  private static Content key(
      LogicalEvent event, boolean hasValue, ProducerForms forms, Random random) {
    Content id = forms.id(event.id());
    boolean ignored = hasValue || event.role() == Role.PAYMENT;
    return switch (random.nextInt(ignored ? 4 : 2)) {
      case 0 -> id;
      case 1 -> ProducerForms.struct(List.of(new Named("order_no", id)));
      case 2 -> ProducerForms.struct(List.of(new Named("id", forms.whole(99))));
      default ->
          event.role() == Role.PAYMENT
              ? forms.text("payment-99")
              : new Content(Schema.OPTIONAL_STRING_SCHEMA, null);
    };
  }

  private static @Nullable Object sent(Content content, Wire wire) {
    if (wire == Wire.STRUCT || content.value() == null) {
      return content.value();
    }
    JsonConverter converter =
        wire == Wire.JSON ? ProducerForms.JSON : ProducerForms.JSON_WITH_SCHEMAS;
    SchemaAndValue received =
        converter.toConnectData(
            "topic", converter.fromConnectData("topic", content.schema(), content.value()));
    return received.value();
  }

  private static Fields fields(Wrapping wrapping, boolean versionOfEvent) {
    String row = wrapping.row;
    String ofEvent =
        wrapping == Wrapping.DEBEZIUM_UNWRAPPED
            ? "__lsn"
            : row.replace("after.", "") + "source.lsn";
    FieldPath id = FieldPath.of(row + "order_no");
    FieldPath version = FieldPath.of(versionOfEvent ? ofEvent : row + "revision");
    FieldPath state = FieldPath.of(row + "state");
    ItemFields items =
        ItemFields.of(FieldPath.of(row + "lines"), FieldPath.of("sku"), FieldPath.of("quantity"));
    FieldPath price = FieldPath.of(row + "price");
    FieldPath money = FieldPath.of(row + "money");
    return new Fields(
        new OrderFields(id, version, List.of(state), items, price, money),
        new InventoryFields(id, version, state, items, DocumentFields.defaults()),
        new PaymentFields(
            id,
            List.of(),
            version,
            List.of(state),
            price,
            null,
            money,
            FieldPath.of(row + "provider"),
            FieldPath.of(row + "reference")));
  }
}
