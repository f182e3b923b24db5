package io.orderflow.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.BadRecordCase;
import io.orderflow.sink.fixture.Canary;
import io.orderflow.sink.fixture.OddRecordCase;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.Role;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.record.UpdateReader;
import io.orderflow.sink.update.Intent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of the bad records with all of its message, and those that only look bad. */
class BadRecordTableTest {

  /** What the order source and people call a kind of thing is no secret. */
  private static final List<String> SHOWN = List.of("status", "intent");

  static List<BadRecordCase> bad() {
    return BadRecordCase.all();
  }

  static List<OddRecordCase> odd() {
    return OddRecordCase.all();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void messageNamesFieldFindingPlaceAndRemedy(BadRecordCase bad) {
    // When
    BadRecordException refused =
        assertThrows(BadRecordException.class, () -> reader(bad.idType()).read(bad.record()));

    // Then
    assertEquals(bad.message(), refused.getMessage());
    assertEquals(0, refused.getStackTrace().length);
  }

  @ParameterizedTest
  @MethodSource("odd")
  void recordThatOnlyLooksBadIsRead(OddRecordCase odd) {
    assertEquals(odd.updates(), reader(OrderIdType.BIGINT).read(odd.record()));
  }

  @ParameterizedTest
  @EnumSource(OrderIdType.class)
  void messageShowsNothingOfWhatARecordContains(OrderIdType idType) {
    // Given
    UpdateReader reader = reader(idType);
    int refused = 0;
    for (BadRecordCase bad : bad()) {
      for (SinkRecord planted : Canary.plantedIn(bad.record(), SHOWN)) {
        // When
        @Nullable BadRecordException refusal = refusal(reader, planted);

        // Then
        refused += refusal == null ? 0 : 1;
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
          assertFalse(cause.toString().contains(Canary.TEXT), cause.toString());
        }
      }
    }
    assertTrue(refused > 4 * bad().size(), refused + " were refused");
  }

  @Test
  void tableIsUpToDate() throws IOException {
    // Given
    String page = BadRecordPage.markdown(bad(), odd());

    // Then
    Files.writeString(Path.of("target", "bad-records.md"), page);
    RepositoryFile.assertUpToDate("docs/bad-records.md", page);
    assertEquals(bad().size(), bad().stream().map(BadRecordCase::what).distinct().count());
  }

  private static @Nullable BadRecordException refusal(UpdateReader reader, SinkRecord record) {
    try {
      reader.read(record);
      return null;
    } catch (BadRecordException e) {
      return e;
    }
  }

  private static UpdateReader reader(OrderIdType idType) {
    return new UpdateReader(
        new Roles(
            Map.of("orders", Role.ORDER, "inventory", Role.INVENTORY, "payments", Role.PAYMENT),
            Set.of("dead-letters")),
        Fields.defaults(),
        Map.of("PENDING", Intent.RESERVE),
        idType);
  }
}
