package io.orderflow.source.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.TableName;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.value.UnreadableValueException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderSnapshotReaderTest {

  private static final KeyRange ALL = new KeyRange(null, null);

  private final Shop shop = Postgres.newShop();
  private @Nullable TableName items = new TableName("public", "order_items");

  @ParameterizedTest
  @CsvSource({
    "smallint, smallint",
    "integer, integer",
    "integer, bigint",
    "bigint, integer",
    "bigint, bigint",
    "text, text",
    "varchar(9), text"
  })
  void ordersAreReadWithTheirItemsByRangeAndById(String idType, String itemIdType)
      throws SQLException {
    // Given
    tables(idType, itemIdType);
    shop.run(
        """
        INSERT INTO orders SELECT n, '0', 'NEW' FROM generate_series(1, 5) n;
        INSERT INTO order_items VALUES (2, 2, 'b'), (2, 1, 'a'), (3, 1, 'c'), (5, 1, 'd'), (9, 1, 'orphan')
        """);

    // Then
    assertEquals("1[] 2[a, b] 3[c] 4[] 5[d]", read(ALL));
    assertEquals("3[c] 4[]", read(new KeyRange("2", "4")));
    assertEquals("1[] 2[a, b]", read(new KeyRange(null, "2")));
    assertEquals("4[] 5[d]", read(new KeyRange("3", null)));
    assertEquals("", read(new KeyRange("5", null)));
    Object two = idType.startsWith("text") || idType.startsWith("var") ? "2" : (Object) 2L;
    assertEquals("2[a, b]", look(List.of(two)));
  }

  @Test
  void ordersWithUuidsAreReadInTheirOrder() throws SQLException {
    // Given
    tables("uuid", "uuid");
    String one = "10000000-0000-0000-0000-00000000000a";
    String two = "f0000000-0000-0000-0000-00000000000b";
    shop.run(
        "INSERT INTO orders VALUES ('%2$s'), ('%1$s'); INSERT INTO order_items VALUES ('%2$s', 1, 'a')"
            .formatted(one, two));

    // Then
    assertEquals(one + "[] " + two + "[a]", read(ALL));
    assertEquals(two + "[a]", read(new KeyRange(one, two)));
    assertEquals(two + "[a]", look(List.of(two)));
  }

  @Test
  void textIsSortedByTheCollationOfItsColumn() throws SQLException {
    // Given
    shop.run(
        """
        CREATE TABLE orders (id text COLLATE "C" PRIMARY KEY, change_xid xid8 NOT NULL DEFAULT '0');
        CREATE TABLE order_items (order_id text, line_no int, sku text);
        INSERT INTO orders VALUES ('a'), ('B'), ('c');
        INSERT INTO order_items VALUES ('a', 1, 'x'), ('B', 1, 'y'), ('c', 1, 'z')
        """);

    // Then
    assertEquals("B[y] a[x] c[z]", read(ALL));
    assertEquals("a[x]", read(new KeyRange("B", "a")));
  }

  @Test
  void ordersWithoutAnItemsTableHaveNone() throws SQLException {
    // Given
    shop.run(
        "CREATE TABLE orders (id bigint PRIMARY KEY, change_xid xid8 NOT NULL DEFAULT '0'); INSERT INTO orders VALUES (1), (2)");
    items = null;

    // Then
    assertEquals("1[] 2[]", read(ALL));
    assertEquals("2[]", look(List.of(2L, 3L)));
  }

  @Test
  void orderIsTouchedOnceItsRowOrAnItemIsWritten() throws SQLException {
    // Given
    tables("bigint", "bigint");
    shop.run(
        """
        INSERT INTO orders SELECT n, '0', 'NEW' FROM generate_series(1, 9) n;
        INSERT INTO order_items SELECT n, 1, 'a' FROM generate_series(1, 9) n;
        UPDATE orders SET status = 'PAID' WHERE id = 1;
        """);

    // When
    TransactionSnapshot since = snapshot();
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 2");
    shop.run("UPDATE order_items SET sku = 'b' WHERE order_id = 3");
    shop.run("INSERT INTO order_items VALUES (4, 2, 'c')");
    shop.run(
        "DO 'BEGIN UPDATE orders SET status = ''X'' WHERE id = 5; EXCEPTION WHEN others THEN NULL; END'");
    shop.run("BEGIN; UPDATE orders SET status = 'X' WHERE id = 6; ROLLBACK");
    shop.run("BEGIN; SELECT FROM orders WHERE id = 7 FOR UPDATE; COMMIT");

    // Then
    assertEquals(Set.of(2L, 3L, 4L, 5L), touched(since));
    assertEquals(Set.of(), touched(snapshot()));
  }

  @Test
  void orderIsTouchedByATransactionThatWasRunning() throws SQLException {
    // Given
    tables("bigint", "bigint");
    shop.run("INSERT INTO orders SELECT n, '0', 'NEW' FROM generate_series(1, 3) n");
    try (Connection running = shop.connect();
        Statement statement = running.createStatement()) {
      running.setAutoCommit(false);
      statement.execute("INSERT INTO order_items VALUES (1, 1, 'a')");
      String inner = saved(statement, "INSERT INTO order_items VALUES (2, 1, 'a')");
      shop.run("INSERT INTO orders VALUES (4)");

      // When
      TransactionSnapshot plain = snapshot();
      statement.execute("SAVEPOINT further; INSERT INTO order_items VALUES (3, 1, 'a')");
      running.commit();

      // Then
      assertEquals(Set.of(1L, 3L), touched(plain));
      assertEquals(Set.of(1L, 2L, 3L), touched(TransactionSnapshot.parse(plain + "," + inner)));
    }
  }

  @Test
  void schemaIsReadAgainOnceAColumnChanges() throws SQLException {
    // Given
    tables("bigint", "bigint");
    shop.run("INSERT INTO orders VALUES (1, '0', 'NEW')");
    OrderSnapshotReaders readers = readers();
    try (Connection connection = connection()) {
      OrderSnapshotReader before = readers.open(connection);
      connection.commit();
      OrderSnapshotReader same = readers.open(connection);
      connection.commit();

      // When
      shop.run("ALTER TABLE orders ADD COLUMN note text DEFAULT 'x'");
      OrderSnapshotReader after = readers.open(connection);

      // Then
      assertEquals(before, same);
      assertEquals(3, before.schema().orders().columns().size());
      assertEquals(
          List.of(1L, "0", "NEW", "x"),
          after.byId(connection, List.of(1L)).orders().get(0).values());
    }
  }

  @Test
  void valueThatNoEventCanHoldIsReportedWithItsOrder() throws SQLException {
    // Given
    shop.run(
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, change_xid xid8 NOT NULL DEFAULT '0');
        CREATE TABLE order_items (order_id bigint, line_no int, price numeric(9,2));
        INSERT INTO orders VALUES (7);
        INSERT INTO order_items VALUES (7, 1, 'NaN')
        """);

    // Then
    UnreadableValueException failure =
        assertThrows(UnreadableValueException.class, () -> read(ALL));
    assertTrue(
        String.valueOf(failure.getMessage())
            .startsWith("Item of order 7, column price: NaN and infinity cannot be represented"));
  }

  private void tables(String idType, String itemIdType) {
    shop.run(
        """
        CREATE TABLE orders (id %s PRIMARY KEY, change_xid xid8 NOT NULL DEFAULT '0', status text);
        CREATE TABLE order_items (order_id %s, line_no int, sku text, PRIMARY KEY (order_id, line_no));
        """
            .formatted(idType, itemIdType));
  }

  /** Runs in a subtransaction, and returns its ID. */
  private static String saved(Statement statement, String sql) throws SQLException {
    statement.execute("SAVEPOINT nested; " + sql);
    try (var row = statement.executeQuery("SELECT max(xmin::text::bigint) FROM order_items")) {
      row.next();
      return row.getString(1);
    }
  }

  private OrderSnapshotReaders readers() {
    return new OrderSnapshotReaders(
        new CapturedTables(
            new TableName("public", "orders"),
            null,
            items,
            "order_id",
            "line_no",
            null,
            "change_xid"),
        DecimalHandling.PRECISE);
  }

  private Connection connection() throws SQLException {
    Connection connection = shop.connect();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    return connection;
  }

  private TransactionSnapshot snapshot() {
    return TransactionSnapshot.parse(shop.value("SELECT pg_current_snapshot()"));
  }

  private Set<Object> touched(TransactionSnapshot since) throws SQLException {
    try (Connection connection = connection()) {
      Set<Object> touched = ids(inRange(connection, ALL, snapshot()));
      touched.removeAll(ids(inRange(connection, ALL, since)));
      return touched;
    }
  }

  private String read(KeyRange range) throws SQLException {
    try (Connection connection = connection()) {
      return text(inRange(connection, range, snapshot()));
    }
  }

  private static Set<Object> ids(List<OrderSnapshot> orders) {
    return orders.stream().map(OrderSnapshot::id).collect(Collectors.toCollection(HashSet::new));
  }

  private List<OrderSnapshot> inRange(
      Connection connection, KeyRange range, TransactionSnapshot since) throws SQLException {
    OrderSnapshotReader reader = readers().open(connection);
    TransactionSnapshot now = ReadPoint.read(connection).snapshot();
    return reader.inRange(
        connection, range, RowCondition.NONE, xid -> since.isWrittenSince(xid, now));
  }

  private String look(List<Object> ids) throws SQLException {
    try (Connection connection = connection()) {
      return text(readers().open(connection).byId(connection, ids).orders());
    }
  }

  /** Each order's ID with what its items are. */
  private static String text(List<OrderSnapshot> orders) {
    return orders.stream()
        .map(
            order ->
                order.id() + order.items().stream().map(item -> item.get(2)).toList().toString())
        .collect(Collectors.joining(" "));
  }
}
