package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.fixture.TestPostgres;
import io.orderflow.source.fixture.Shop;
import java.util.List;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every record has a timestamp; the header has the commit's time only if it is known. */
class RecordTimesTest {

  @ParameterizedTest
  @CsvSource({"query, true", "query, false", "log, true", "log, false"})
  void everyRecordHasATimestamp(String capture, boolean keepsCommitTimes) {
    // Given
    try (TestPostgres server =
        TestPostgres.start(
            "wal_level=logical", "track_commit_timestamp=" + (keepsCommitTimes ? "on" : "off"))) {
      Shop shop = new Shop(server.url(server.createDatabase("shop")));
      long before = System.currentTimeMillis();

      // When
      RecordKinds records = RecordKinds.of(shop, capture);

      // Then
      long after = System.currentTimeMillis();
      for (SourceRecord record : records.all()) {
        assertNotNull(record.timestamp(), record.toString());
        assertTrue(before <= record.timestamp() && record.timestamp() <= after, record.toString());
      }
      boolean known = keepsCommitTimes || capture.equals("log");
      for (SourceRecord record : List.of(records.change(), records.delete())) {
        assertEquals(known ? record.timestamp() : null, commitTime(record));
      }
      // The order of the snapshot was committed long before it was read.
      Long placed = commitTime(records.snapshot());
      if (capture.equals("query") && keepsCommitTimes) {
        assertNotNull(placed);
        assertTrue(placed + RecordKinds.AGE_MS <= records.snapshot().timestamp());
      } else {
        assertNull(placed);
      }
      assertTrue(records.snapshot().timestamp() <= records.change().timestamp());
      assertTrue(records.change().timestamp() <= records.delete().timestamp());
    }
  }

  private static @Nullable Long commitTime(SourceRecord record) {
    Header header = record.headers().lastWithName("orderflow.commit.time");
    return header == null ? null : (Long) header.value();
  }
}
