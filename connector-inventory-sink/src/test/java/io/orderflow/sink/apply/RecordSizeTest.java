package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordSizeTest {

  private static final int MEGABYTE = 1 << 20;
  private static final String TEXT = "x".repeat(MEGABYTE);

  @Test
  void megabyteCountsWhereverItStands() {
    Schema schema = SchemaBuilder.struct().field("text", Schema.STRING_SCHEMA).build();
    atLeastAMegabyte(of("key", TEXT));
    atLeastAMegabyte(of(TEXT, "value"));
    atLeastAMegabyte(of(null, Map.of("a", Map.of("b", List.of(1, TEXT)))));
    atLeastAMegabyte(of(null, Map.of(TEXT, 1)));
    atLeastAMegabyte(of(null, new Struct(schema).put("text", TEXT)));
    atLeastAMegabyte(of(null, new byte[MEGABYTE]));
    atLeastAMegabyte(of(null, ByteBuffer.allocate(MEGABYTE)));
    SinkRecord header = of(null, "value");
    header.headers().addBytes("trace", new byte[MEGABYTE]);
    atLeastAMegabyte(header);
  }

  @Test
  void smallRecordIsSmall() {
    long size = RecordSize.estimate(of(1L, Map.of("order_id", 1L, "status", "PAID")));
    assertTrue(300 < size && size < 1_500, size + " bytes");
  }

  @Test
  void tombstoneHasASizeToo() {
    assertTrue(RecordSize.estimate(of(null, null)) > 0);
  }

  private static SinkRecord of(@Nullable Object key, @Nullable Object value) {
    return new SinkRecord("t", 0, null, key, null, value, 0);
  }

  private static void atLeastAMegabyte(SinkRecord record) {
    long size = RecordSize.estimate(record);
    assertTrue(MEGABYTE <= size && size < 3 * MEGABYTE, size + " bytes");
  }
}
