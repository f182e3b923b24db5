package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.sink.fixture.WarehouseDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL reads the values that are written. */
class BinaryCopyTest {

  private static final String COPY = "COPY t (v) FROM STDIN (FORMAT binary)";

  private WarehouseDatabase database;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.empty();
    connection = DriverManager.getConnection(database.url(), "postgres", "postgres");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    database.close();
  }

  private SqlSession session() {
    return new SqlSession(connection, "", EnumSet.noneOf(Write.class));
  }

  @Test
  void wholeNumbers() throws SQLException {
    long[] numbers = {0, 1, -1, 4_711, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};
    // Given
    table("bigint");
    BinaryCopy copy = new BinaryCopy();

    // When
    for (long number : numbers) {
      copy.row(1).bigint(number);
    }
    copy.row(1).bigint(null);
    copy.send(session(), COPY);

    // Then
    assertEquals(
        List.of(
            "0",
            "1",
            "-1",
            "4711",
            "2147483647",
            "9223372036854775807",
            "-9223372036854775808",
            "null"),
        values());
  }

  @Test
  void integersAndUuids() throws SQLException {
    // Given
    UUID uuid = UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    database.execute("CREATE TABLE u (i integer, u uuid)");

    // When
    new BinaryCopy()
        .row(2)
        .integer(Integer.MIN_VALUE)
        .uuid(uuid)
        .row(2)
        .integer(7)
        .uuid(new UUID(0, -1))
        .send(session(), "COPY u FROM STDIN (FORMAT binary)");

    // Then
    assertEquals(
        List.of("-2147483648|" + uuid, "7|00000000-0000-0000-ffff-ffffffffffff"),
        database.rows("SELECT * FROM u ORDER BY i"));
  }

  @Test
  void texts() throws SQLException {
    List<String> texts =
        List.of(
            "",
            "a",
            "\\N",
            "a\tb\nc",
            "{\"x\",NULL}",
            "größer ≥ 漢字 \ud83d\ude00",
            "x".repeat(99_999));
    // Given
    table("text");
    BinaryCopy copy = new BinaryCopy();

    // When
    texts.forEach(text -> copy.row(1).text(text));
    copy.row(1).text(null);
    copy.send(session(), COPY);

    // Then
    List<String> found = values();
    assertEquals(texts, found.subList(0, texts.size()));
    assertEquals("null", found.get(texts.size()));
  }

  @Test
  void numericsOfAllShapes() throws SQLException {
    // Given
    table("numeric");
    List<BigDecimal> numbers =
        new Random(3)
            .ints(500, -40, 41)
            .mapToObj(
                scale ->
                    new BigDecimal(
                        new BigInteger(1 + Math.abs(scale * 3), new Random(scale)), scale))
            .collect(Collectors.toCollection(ArrayList::new));
    for (String number :
        List.of(
            "0",
            "0.00",
            "0E+5",
            "-0.00000000000000000001",
            "1",
            "-1",
            "19.90",
            "9999",
            "10000",
            "10000.0001",
            "0.0001",
            "0.00001",
            "1E+5",
            "-12E+7",
            "1E-30",
            "1234567890123456789012345678901234567890",
            "-1234567890123456789012345678901234567890.12345678901234567890",
            "9223372036854775808",
            "0.10000000000000000000")) {
      numbers.add(new BigDecimal(number));
    }

    // When
    BinaryCopy copy = new BinaryCopy();
    numbers.forEach(number -> copy.row(1).numeric(number));
    copy.row(1).numeric(null);
    copy.send(session(), COPY);

    // Then: the same value, and the same scale where it is not negative
    List<String> found = values();
    for (int i = 0; i < numbers.size(); i++) {
      assertEquals(numbers.get(i).toPlainString(), found.get(i), numbers.get(i).toString());
    }
    assertEquals("null", found.get(numbers.size()));
  }

  @Test
  void arraysFilledAndEmpty() throws SQLException {
    // Given
    database.execute("CREATE TABLE a (n integer, t text[], b bigint[])");

    // When
    new BinaryCopy()
        .row(3)
        .integer(1)
        .texts(List.of("A", "", "a\"b\\c,{}", "NULL", "漢"))
        .bigints(new long[] {1, -1, 0, Long.MAX_VALUE, Long.MIN_VALUE})
        .row(3)
        .integer(2)
        .texts(List.of())
        .bigints(new long[0])
        .send(session(), "COPY a FROM STDIN (FORMAT binary)");

    // Then
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT t, b FROM a ORDER BY n")) {
      rows.next();
      assertArrayEquals(
          new String[] {"A", "", "a\"b\\c,{}", "NULL", "漢"},
          (String[]) rows.getArray(1).getArray());
      assertArrayEquals(
          new Long[] {1L, -1L, 0L, Long.MAX_VALUE, Long.MIN_VALUE},
          (Long[]) rows.getArray(2).getArray());
    }
    assertEquals(
        List.of("{}|{}|null"),
        database.rows("SELECT t, b, array_length(t, 1) FROM a WHERE t = '{}' AND b = '{}'"));
  }

  @Test
  void rejectedRowLeavesNoRowAndAUsableConnection() throws SQLException {
    // Given
    table("bigint CHECK (v < 10)");

    // When
    SQLException rejected =
        assertThrows(
            SQLException.class,
            () -> new BinaryCopy().row(1).bigint(1).row(1).bigint(10).send(session(), COPY));

    // Then
    assertEquals("23514", rejected.getSQLState());
    new BinaryCopy().row(1).bigint(2).send(session(), COPY);
    assertEquals(List.of("2"), values());
  }

  @Test
  void connectionThatBreaksIsToldAsSuch() throws SQLException {
    // Given
    table("bigint");
    database.execute(
        """
        CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
        CREATE TRIGGER fall BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fall()""");
    BinaryCopy copy = new BinaryCopy();
    for (int i = 0; i < 100_000; i++) {
      copy.row(1).bigint(i);
    }

    // When
    SQLException broken = assertThrows(SQLException.class, () -> copy.send(session(), COPY));
    // Closing would write to a server that is gone, and may fail for it.
    connection.abort(Runnable::run);

    // Then
    String state = String.valueOf(broken.getSQLState());
    assertTrue(state.startsWith("08") || state.equals("57P01"), state);
    assertNull(broken.getNextException());
  }

  private void table(String type) throws SQLException {
    database.execute("CREATE TABLE t (n serial, v " + type + ")");
  }

  private List<String> values() throws SQLException {
    return database.rows("SELECT v FROM t ORDER BY n");
  }
}
