package io.orderflow.source;

import io.apicurio.registry.rest.client.exception.RuleViolationException;
import io.apicurio.registry.utils.converter.AvroConverter;
import io.orderflow.common.fixture.FakeRegistry;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** A topic of Avro events whose schemas are in a registry. */
final class RegisteredEvents implements AutoCloseable {

  /** The compatibility of a schema with an earlier one. */
  enum Outcome {
    /** Each schema reads events that were written with the other. */
    COMPATIBLE,
    /** The registry accepts it, but one schema reads other values than were written. */
    MISREAD,
    /** The registry refuses it. */
    REFUSED
  }

  private static final GenericData TYPES = types();

  private final FakeRegistry.Rule rule;
  private final FakeRegistry registry;
  private final AvroConverter<GenericRecord> converter = new AvroConverter<>();

  private int topics;

  RegisteredEvents(FakeRegistry.Rule rule) throws IOException {
    this.rule = rule;
    registry = new FakeRegistry(rule);
    Map<String, Object> settings = new HashMap<>(registry.settings());
    // Otherwise a schema of one topic's subject is not offered to that of another.
    settings.put("apicurio.registry.check-period-ms", 0);
    converter.configure(settings, false);
  }

  private static GenericData types() {
    GenericData types = new GenericData();
    types.addLogicalTypeConversion(new Conversions.DecimalConversion());
    types.addLogicalTypeConversion(new TimeConversions.DateConversion());
    types.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    return types;
  }

  /** Writes an event as a worker does; throws if the registry refuses its schema. */
  byte[] write(SourceRecord record) {
    return write(record.topic(), record);
  }

  private byte[] write(String topic, SourceRecord record) {
    return converter.fromConnectData(topic, record.valueSchema(), record.value());
  }

  /** Reads an event as a sink does. */
  Struct read(byte[] event) {
    return (Struct) converter.toConnectData("orders", event).value();
  }

  /** The compatibility of the second event's schema with the first one's, in a new topic. */
  Outcome outcome(SourceRecord before, SourceRecord next) {
    String topic = "orders-" + ++topics;
    byte[] old = write(topic, before);
    byte[] written;
    try {
      written = write(topic, next);
    } catch (RuleViolationException refused) {
      return Outcome.REFUSED;
    }
    boolean same =
        rule == FakeRegistry.Rule.BACKWARD
            ? reads(registry.schemaOf(written), old)
            : reads(registry.schemaOf(old), written);
    return same ? Outcome.COMPATIBLE : Outcome.MISREAD;
  }

  /** Whether a consumer with another schema reads the written values. */
  private boolean reads(Schema own, byte[] event) {
    Schema written = registry.schemaOf(event);
    ByteBuffer data = FakeRegistry.dataOf(event);
    return sameFields(decode(data, written, written), decode(data, written, own));
  }

  private static GenericRecord decode(ByteBuffer data, Schema written, Schema own) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    try {
      return new GenericDatumReader<GenericRecord>(written, own, TYPES)
          .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean sameFields(GenericRecord written, GenericRecord read) {
    return read.getSchema().getFields().stream()
        .map(Schema.Field::name)
        .allMatch(
            name ->
                written.hasField(name)
                    ? sameValue(written.get(name), read.get(name))
                    : read.get(name) == null);
  }

  private static boolean sameValue(Object written, Object read) {
    if (written instanceof List<?> some && read instanceof List<?> others) {
      for (int i = 0; i < some.size(); i++) {
        if (!sameFields((GenericRecord) some.get(i), (GenericRecord) others.get(i))) {
          return false;
        }
      }
      return some.size() == others.size();
    }
    if (written instanceof Number && read instanceof Number) {
      return new BigDecimal(written.toString()).compareTo(new BigDecimal(read.toString())) == 0;
    }
    return String.valueOf(written).equals(String.valueOf(read));
  }

  @Override
  public void close() {
    converter.close();
    registry.close();
  }
}
