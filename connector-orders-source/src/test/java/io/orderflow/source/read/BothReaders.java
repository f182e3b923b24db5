package io.orderflow.source.read;

import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.TypedValue;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.value.TextReader;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** One row with a column for each value, read over JDBC in both its forms, and from the log. */
public record BothReaders(
    List<TypedValue> values, List<Column> columns, List<?> text, List<?> binary, Tuple logged) {

  /** id, version and change_xid. */
  private static final int FIRST = 3;

  public static BothReaders of(List<TypedValue> values) {
    Shop shop = Postgres.newShop();
    shop.run(TypedValue.TYPES);
    StringBuilder columns = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      columns.append(", c").append(i).append(' ').append(values.get(i).type());
    }
    shop.run(
        "CREATE TABLE orders (id bigint PRIMARY KEY, version bigint NOT NULL, change_xid xid8 NOT NULL"
            + columns
            + "); CREATE PUBLICATION all_values FOR TABLE orders");
    shop.run("SELECT pg_create_logical_replication_slot('all_values', 'pgoutput')");
    shop.run(
        values.stream()
            .map(value -> "'" + value.value() + "'")
            .collect(Collectors.joining(", ", "INSERT INTO orders VALUES (1, 1, '5', ", ")")));
    try {
      TableSchema schema = schema(shop);
      return new BothReaders(
          values,
          schema.columns(),
          overJdbc(shop, schema, "5"),
          overJdbc(shop, schema, "-1"),
          logged(shop));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public Object fromTextOverJdbc(TypedValue value) {
    return Objects.requireNonNull(text.get(index(value)));
  }

  public Object fromBinaryOverJdbc(TypedValue value) {
    return Objects.requireNonNull(binary.get(index(value)));
  }

  public Object fromLog(TypedValue value) {
    int index = index(value);
    return TextReader.of(columns.get(index).type()).read(logged.text(index));
  }

  private int index(TypedValue value) {
    return FIRST + values.indexOf(value);
  }

  private static TableSchema schema(Shop shop) throws SQLException {
    Map<String, String> settings = Map.of("items.table", "", "version.column", "version");
    try (Connection connection = shop.connect()) {
      return new SchemaReader(shop.config(settings).tables(), DecimalHandling.PRECISE)
          .load(connection)
          .orders();
    }
  }

  /**
   * As the capture of queries reads them.
   *
   * @param prepareThreshold -1 for values in the binary form of their types, where the driver knows
   *     it
   */
  private static List<?> overJdbc(Shop shop, TableSchema schema, String prepareThreshold)
      throws SQLException {
    String url =
        shop.url()
            + "?user=postgres&binaryTransferDisable=TIMETZ,POINT,BOX&prepareThreshold="
            + prepareThreshold;
    try (Connection connection = DriverManager.getConnection(url)) {
      inUtc(connection);
      try (PreparedStatement query = connection.prepareStatement("SELECT * FROM orders");
          ResultSet rows = query.executeQuery()) {
        rows.next();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < schema.columns().size(); i++) {
          values.add(value(rows, schema.columns().get(i), i));
        }
        return values;
      }
    }
  }

  /** One value, or the error in its place, so that it fails its own test alone. */
  private static Object value(ResultSet rows, Column column, int place) {
    try {
      List<?> row =
          new RowReader(new TableSchema(List.of(column), 0), List.of(column.name()), "Row")
              .read(rows, place);
      return Objects.requireNonNull(row.get(0));
    } catch (SQLException | RuntimeException e) {
      return e;
    }
  }

  private static Tuple logged(Shop shop) throws SQLException {
    try (Connection connection = shop.connect()) {
      inUtc(connection);
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT data FROM pg_logical_slot_get_binary_changes('all_values', NULL, NULL, 'proto_version', '1', 'publication_names', 'all_values')")) {
        while (rows.next()) {
          if (PgOutputDecoder.decode(ByteBuffer.wrap(rows.getBytes(1)))
              instanceof LogMessage.Insert insert) {
            return insert.row();
          }
        }
      }
    }
    throw new IllegalStateException("expected an insert in the log, found none");
  }

  /** The texts of some types, such as ranges of timestamptz, are in the time zone of whom asks. */
  private static void inUtc(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
  }
}
