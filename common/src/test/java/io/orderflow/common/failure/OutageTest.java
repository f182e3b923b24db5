package io.orderflow.common.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {

  private final Outage outage =
      new Outage(
          LoggerFactory.getLogger(OutageTest.class),
          "test",
          new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1)),
          InstantSource.system(),
          new Random(1));

  @Test
  void waitsGrowWithinAnOutageAndStartAfreshAfterIt() {
    // Given
    SQLException cause = new SQLException("shutting down", "57P01");
    for (int i = 0; i < 9; i++) {
      outage.failed(cause);
    }
    Duration late = outage.failed(cause);

    // When
    outage.over();
    Duration first = outage.failed(cause);

    // Then
    assertTrue(late.toMillis() >= 500, "late: " + late);
    assertTrue(first.toMillis() <= 10, "first: " + first);
    assertEquals(FailureClass.TRANSIENT, SqlFailures.classify(cause));
  }
}
