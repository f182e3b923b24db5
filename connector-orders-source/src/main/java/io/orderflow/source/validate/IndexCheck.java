package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The indexes that the capture reads along are there, and made for the configured shards. */
record IndexCheck(CapturedTables tables, OrderSchema layout, int shards) {

  /** The keys of an index: names of columns, with null for an expression. */
  record Index(
      String name, boolean valid, boolean unique, List<@Nullable String> keys, String expression) {}

  private static final String INDEXES =
      """
      SELECT c.relname, i.indisvalid, i.indisunique AND i.indimmediate, a.attname,
             coalesce(pg_get_expr(i.indexprs, i.indrelid), '')
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      JOIN pg_catalog.pg_am m ON m.oid = c.relam
      CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE n.nspname = ? AND t.relname = ? AND i.indpred IS NULL AND m.amname = 'btree'
        AND k.place <= i.indnkeyatts
      ORDER BY c.relname, k.place
      """;

  private static final Pattern SHARD =
      Pattern.compile("\\(\\((\\w+)\\(.*\\) & 2147483647\\) % (\\d+)\\)");

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    capture(indexes(connection, tables.orders())).ifPresent(findings::add);
    findings.addAll(lookUps(connection));
    return findings;
  }

  /** Those by which one order and its items are found. */
  List<Finding> lookUps(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    uniqueId(indexes(connection, tables.orders())).ifPresent(findings::add);
    TableName items = tables.items();
    if (items != null) {
      items(items, indexes(connection, items)).ifPresent(findings::add);
    }
    return findings;
  }

  private Optional<Finding> uniqueId(List<Index> indexes) {
    String id = layout.ordersId();
    boolean found =
        !layout.idColumn().nullable()
            && indexes.stream()
                .anyMatch(i -> i.valid() && i.unique() && i.keys().equals(List.of(id)));
    return found
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "orders.id.column",
                "expected each %s of %s to be one order's, found no unique index or a column that may be null: ALTER TABLE %s ADD UNIQUE (%s), ALTER COLUMN %s SET NOT NULL;"
                    .formatted(
                        id, tables.orders(), tables.orders().quoted(), quote(id), quote(id))));
  }

  private Optional<Finding> capture(List<Index> indexes) {
    TreeSet<Integer> others = new TreeSet<>();
    for (Index index : indexes) {
      Optional<Integer> made =
          shardsOf(index, layout.idType(), layout.changeXid(), layout.ordersId());
      if (made.isPresent() && made.get() == shards) {
        return index.valid() ? Optional.empty() : Optional.of(invalid(index));
      }
      made.ifPresent(others::add);
    }
    String sql = new InstallSql(tables, layout.ordersId(), layout.idType(), shards).indexes();
    if (others.isEmpty()) {
      return Optional.of(
          new Finding(
              "orders.table",
              "expected an index on %s that the capture reads along, found none:\n%s"
                  .formatted(tables.orders(), sql)));
    }
    return Optional.of(
        new Finding(
            "capture.shards",
            "expected %s, for which %s has an index, found %d; set it to that, or, where this connector has no offsets yet, make an index for %d:\n%s"
                .formatted(others, tables.orders(), shards, shards, sql)));
  }

  /** For how many shards an index of the capture is made; empty where it is another index. */
  static Optional<Integer> shardsOf(Index index, OrderIdType idType, String xid, String id) {
    List<@Nullable String> keys = index.keys();
    Matcher matcher = SHARD.matcher(index.expression());
    boolean ours =
        keys.size() == 3
            && keys.get(0) == null
            && xid.equals(keys.get(1))
            && id.equals(keys.get(2))
            && matcher.matches()
            && hash(idType).equals(matcher.group(1));
    return ours ? Optional.of(Integer.valueOf(matcher.group(2))) : Optional.empty();
  }

  private static String hash(OrderIdType idType) {
    return switch (idType) {
      case BIGINT, INTEGER -> "hashint8";
      case UUID -> "uuid_hash";
      case TEXT -> "hashtext";
    };
  }

  private Finding invalid(Index index) {
    return new Finding(
        "orders.table",
        "expected the index %s to be valid, found that its creation was interrupted: DROP INDEX %s.%s; then\n%s"
            .formatted(
                index.name(),
                quote(tables.orders().schema()),
                quote(index.name()),
                new InstallSql(tables, layout.ordersId(), layout.idType(), shards).indexes()));
  }

  private Optional<Finding> items(TableName table, List<Index> indexes) {
    String orderId = tables.itemsOrderId();
    boolean found = indexes.stream().anyMatch(i -> i.valid() && orderId.equals(i.keys().get(0)));
    return found
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "items.order.id.column",
                "expected an index on %s that begins with %s, found none: CREATE INDEX CONCURRENTLY ON %s (%s);"
                    .formatted(table, orderId, table.quoted(), quote(orderId))));
  }

  static List<Index> indexes(Connection connection, TableName table) throws SQLException {
    List<Index> indexes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          Index last = indexes.isEmpty() ? null : indexes.get(indexes.size() - 1);
          if (last == null || !last.name().equals(name)) {
            last =
                new Index(
                    name,
                    row.getBoolean(2),
                    row.getBoolean(3),
                    new ArrayList<>(),
                    row.getString(5));
            indexes.add(last);
          }
          last.keys().add(row.getString(4));
        }
      }
    }
    return indexes;
  }
}
