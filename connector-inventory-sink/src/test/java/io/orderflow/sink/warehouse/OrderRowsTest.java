package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.plan.LocationRules;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderRowsTest {

  private static final String REVISION = "SELECT revision FROM order_inventory WHERE order_id = 1";

  private final OrderRows orders =
      new OrderRows(
          WarehouseDatabase.TABLES,
          new OrderIdColumn(OrderIdType.BIGINT),
          new ReservationRules(ReservationPolicy.ALL_OR_NOTHING, false, LocationRules.NONE));

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.stock("A", 10);
    put(1);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  private void put(long version) {
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(Events.order(1L, version, "PLACED", "A:1"));
    }
  }

  @Test
  void orderThatWasWrittenWithoutANewVersionIsNotClaimed() throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(database.url(), "postgres", "postgres")) {
      // Given
      connection.setAutoCommit(false);
      SqlSession session = new SqlSession(connection, "", EnumSet.noneOf(Write.class));
      InventoryUpdate update = Updates.of(1L, 2, Intent.SHIP, Map.of("A", 1L));
      Map<Object, Outcome> stored = orders.read(session, List.of(update));
      List<Outcome> outcomes =
          List.of(
              new Outcome(
                  1L,
                  2,
                  State.SHIPPED,
                  null,
                  update.effects(),
                  Collections.emptySortedMap(),
                  null,
                  null,
                  0));

      // When
      database.execute("UPDATE order_inventory SET reserved = '{0}', revision = revision + 1");

      // Then
      assertThrows(
          ConcurrentChangeException.class,
          () -> orders.claim(session, outcomes, stored, InsertStrategy.COPY));
    }
  }

  @Test
  void revisionGrowsWithEachWriteAndWhenAllRowsAreRemoved() throws SQLException {
    // Given
    long first = revision();

    // When, Then: an older version writes nothing
    put(2);
    assertEquals(first + 1, revision());
    put(1);
    assertEquals(first + 1, revision());

    // When, Then: everything is applied again
    database.execute("TRUNCATE order_inventory; UPDATE stock SET reserved = 0");
    put(1);
    assertEquals(1, Long.compare(revision(), first + 1));
  }

  private long revision() throws SQLException {
    return Long.parseLong(database.rows(REVISION).get(0));
  }
}
