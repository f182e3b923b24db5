package io.orderflow.common.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class RetryTrackerTest {

  private final List<String> warnings = new ArrayList<>();

  private final RetryTracker outage =
      new RetryTracker(
          logThat(warnings::add),
          "test",
          RetryTracker.backoff(Duration.ofMillis(10), Duration.ofSeconds(1)),
          InstantSource.system(),
          RetryTracker.Listener.NONE);

  @Test
  void waitsGrowWithinAnOutageAndStartAfreshAfterIt() {
    // Given
    SQLException cause = new SQLException("shutting down", "57P01");
    for (int i = 0; i < 9; i++) {
      outage.failed(cause);
    }
    Duration late = outage.failed(cause);

    // When
    outage.succeeded();
    Duration first = outage.failed(cause);

    // Then
    assertTrue(late.toMillis() >= 800, "late: " + late);
    assertTrue(first.toMillis() <= 12, "first: " + first);
    assertEquals(FailureClass.TRANSIENT, SqlFailures.classify(cause));
  }

  @Test
  void outageIsNamedOnceAMinute() {
    // Given
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    RetryTracker tracker =
        new RetryTracker(
            logThat(warnings::add),
            "test",
            RetryTracker.backoff(Duration.ofMillis(10), Duration.ofSeconds(1)),
            now::get,
            RetryTracker.Listener.NONE);

    // When: it fails every 20 seconds for three minutes
    for (int i = 0; i < 9; i++) {
      tracker.failed(new SQLException("disk full", "53100"));
      now.updateAndGet(time -> time.plusSeconds(20));
    }

    // Then: at first, and after one and two minutes
    assertEquals(3, warnings.size(), warnings::toString);
    assertTrue(warnings.get(2).contains("still fails after 120 s"), warnings.get(2));
    assertTrue(warnings.get(2).contains("disk full"), warnings.get(2));
  }

  @Test
  void conflictsThatDoNotEndAreNamedMoreAndMoreRarely() {
    // Given
    SQLException race = new SQLException("stock changed meanwhile", "40001");

    // When
    for (int i = 0; i < 79; i++) {
      outage.failed(race);
    }

    // Then: at the first, the 10th, the 20th and the 40th
    assertEquals(4, warnings.size(), warnings::toString);
    assertTrue(warnings.get(1).contains("10 consecutive conflicts"), warnings.get(1));
    assertTrue(warnings.get(1).contains("stock changed meanwhile"), warnings.get(1));
    assertTrue(warnings.get(3).contains("40 consecutive conflicts"), warnings.get(3));
  }

  @Test
  void conflictsAmongOtherFailuresAreNotNamed() {
    // When
    for (int i = 0; i < 100; i++) {
      outage.failed(new SQLException("deadlock", "40P01"));
      outage.failed(new SQLException("shutting down", "57P01"));
    }

    // Then: each cause once
    assertEquals(2, warnings.size(), warnings::toString);
  }

  @Test
  void eachNewCauseOfAnOutageIsNamedOnce() {
    // When
    for (int i = 0; i < 20; i++) {
      outage.failed(new SQLException("terminating connection", "57P01"));
      outage.failed(new SQLException("too many connections for role", "53300"));
    }
    for (int i = 10; i < 99; i++) {
      outage.failed(new SQLException("another", "580" + i));
    }

    // Then
    assertEquals(5, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).contains("terminating"), warnings::toString);
    assertTrue(warnings.get(1).contains("too many connections"), warnings::toString);

    // When
    outage.succeeded();
    outage.failed(new SQLException("terminating connection", "57P01"));

    // Then
    assertEquals(6, warnings.size(), warnings::toString);
  }

  private static Logger logThat(Consumer<String> warned) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("warn")) {
            // The pattern, then two parameters, or an array of more
            Object[] parameters =
                arguments[1] instanceof Object[] more
                    ? more
                    : Arrays.copyOfRange(arguments, 1, arguments.length);
            warned.accept(MessageFormatter.basicArrayFormat((String) arguments[0], parameters));
          }
          return null;
        };
    return (Logger)
        Proxy.newProxyInstance(
            RetryTrackerTest.class.getClassLoader(), new Class<?>[] {Logger.class}, handler);
  }
}
