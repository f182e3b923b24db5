package io.orderflow.sink.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.BadRecordCase;
import io.orderflow.sink.fixture.Canary;
import io.orderflow.sink.fixture.OddRecordCase;
import io.orderflow.sink.fixture.PlainMoney;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.Deadlines;
import io.orderflow.sink.record.FieldPath;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.ItemRules;
import io.orderflow.sink.record.Role;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.record.Statuses;
import io.orderflow.sink.record.UpdateReader;
import io.orderflow.sink.update.Intent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad record with its complete message, and records that only look bad. */
class BadRecordTableTest {

  /** Fields whose unknown values messages contain: they are names from a short list. */
  private static final List<String> SHOWN = List.of("status", "intent");

  private static final FieldPath EXPIRES = FieldPath.of("expires");

  static List<BadRecordCase> bad() {
    return BadRecordCase.all();
  }

  static List<OddRecordCase> odd() {
    return OddRecordCase.all();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void messageNamesFieldProblemCoordinatesAndRemedy(BadRecordCase bad) {
    // When
    BadRecordException rejected =
        assertThrows(BadRecordException.class, () -> reader(bad.idType()).read(bad.record()));

    // Then
    assertEquals(bad.message(), rejected.getMessage());
    assertEquals(0, rejected.getStackTrace().length);
  }

  @ParameterizedTest
  @MethodSource("odd")
  void recordThatOnlyLooksBadIsRead(OddRecordCase odd) {
    assertEquals(odd.updates(), reader(OrderIdType.BIGINT).read(odd.record()));
  }

  @ParameterizedTest
  @EnumSource(OrderIdType.class)
  void messageContainsNoValueOfTheRecord(OrderIdType idType) {
    // Given
    UpdateReader reader = reader(idType);
    int rejected = 0;
    for (BadRecordCase bad : bad()) {
      for (SinkRecord planted : Canary.plantedIn(bad.record(), SHOWN)) {
        // When
        @Nullable BadRecordException failure = failure(reader, planted);

        // Then
        rejected += failure == null ? 0 : 1;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
          assertFalse(cause.toString().contains(Canary.TEXT), cause.toString());
        }
      }
    }
    assertTrue(rejected > 4 * bad().size(), rejected + " were rejected");
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

  private static @Nullable BadRecordException failure(UpdateReader reader, SinkRecord record) {
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
        new Statuses(Map.of("PENDING", Intent.RESERVE), null),
        ItemRules.STRICT,
        PlainMoney.RULES,
        new Deadlines(Duration.ZERO, Set.of(), EXPIRES, EXPIRES),
        idType,
        skipped -> {});
  }
}
