package io.orderflow.source.log.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class BusyConnectionTest {

  private final List<String> calls = new ArrayList<>();
  private final PGConnection physical =
      proxy(
          PGConnection.class,
          method -> {
            calls.add(method);
            return null;
          });

  /** What a pooled connection wraps: at first the physical one. */
  private Object wrapped = physical;

  private final Connection pooled =
      proxy(Connection.class, method -> method.equals("unwrap") ? wrapped : null);

  private final BusyConnection busy = new BusyConnection();

  @Test
  void statementIsCancelled() throws Exception {
    busy.set(pooled);
    busy.cancel();
    assertEquals(List.of("cancelQuery"), calls);
  }

  @Test
  void connectionThatIsReturnedToThePoolMeanwhileIsNoError() throws Exception {
    // Given
    busy.set(pooled);

    // When: the pool has marked the connection as closed
    wrapped = proxy(Connection.class, method -> null);
    busy.cancel();

    // Then
    assertEquals(List.of("cancelQuery"), calls);
  }

  @Test
  void nothingIsCancelledAfterwards() throws Exception {
    busy.set(pooled);
    busy.clear();
    busy.cancel();
    assertEquals(List.of(), calls);
  }

  @FunctionalInterface
  private interface Answer {
    @Nullable Object to(String method);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            BusyConnectionTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName())));
  }
}
