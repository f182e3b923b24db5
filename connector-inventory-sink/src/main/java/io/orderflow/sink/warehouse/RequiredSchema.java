package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.WarehouseTables.OrderPaymentTables;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The schema that the sink requires of a table.
 *
 * @param columns types by column; the type of {@code order_id} may differ
 * @param counters columns that start at 0
 * @param nullable columns that are null in some rows, whatever the records contain
 * @param key columns that identify a row
 * @param privileges that the sink needs
 */
public record RequiredSchema(
    Map<String, String> columns,
    Set<String> counters,
    Set<String> nullable,
    List<String> key,
    List<String> privileges) {

  /** The columns of payments that describe the payment. */
  public static final Set<String> PAID =
      Set.of("version", "status", "amount", "currency", "provider", "reference");

  /** The columns of payments that describe the amount due. */
  public static final Set<String> DUE = Set.of("due", "due_currency", "due_version");

  public static final RequiredSchema STOCK =
      new RequiredSchema(
          columns(
              "sku text",
              "location text",
              "on_hand bigint",
              "reserved bigint",
              "moved bigint",
              "unavailable bigint",
              "safety bigint",
              "oversell bigint",
              "incoming bigint",
              "shortage bigint",
              "moved_at timestamptz"),
          Set.of(
              "on_hand",
              "reserved",
              "moved",
              "unavailable",
              "safety",
              "oversell",
              "incoming",
              "shortage"),
          Set.of(),
          List.of("sku", "location"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema ORDERS =
      new RequiredSchema(
          columns(
              "order_id bigint",
              "version bigint",
              "state text",
              "reason text",
              "skus text[]",
              "locations text[]",
              "reserved bigint[]",
              "on_hand_delta bigint[]",
              "backordered bigint[]",
              "unavailable bigint[]",
              "incoming bigint[]",
              "updated_at timestamptz",
              "expires_at timestamptz",
              "revision bigint"),
          Set.of(),
          Set.of("reason", "locations", "backordered", "unavailable", "incoming", "expires_at"),
          List.of("order_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema PAYMENTS =
      new RequiredSchema(
          columns(
              "order_id bigint",
              "version bigint",
              "status text",
              "amount numeric",
              "currency text",
              "provider text",
              "reference text",
              "due numeric",
              "due_currency text",
              "due_version bigint",
              "updated_at timestamptz"),
          Set.of(),
          union(PAID, DUE),
          List.of("order_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema ORDER_PAYMENTS =
      new RequiredSchema(
          columns(
              "payment_id text",
              "order_id bigint",
              "version bigint",
              "state text",
              "status text",
              "amount numeric",
              "paid numeric",
              "refunded numeric",
              "currency text",
              "provider text",
              "reference text",
              "updated_at timestamptz"),
          Set.of("paid", "refunded"),
          Set.of("order_id", "status", "amount", "currency", "provider", "reference"),
          List.of("payment_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema PAYMENT_TOTALS =
      new RequiredSchema(
          columns(
              "order_id bigint",
              "currency text",
              "paid numeric",
              "refunded numeric",
              "updated_at timestamptz"),
          Set.of("paid", "refunded"),
          Set.of(),
          List.of("order_id", "currency"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema AUDIT =
      new RequiredSchema(
          columns(
              "month date",
              "at timestamptz",
              "order_id bigint",
              "version bigint",
              "kind text",
              "payment_id text",
              "state text",
              "reason text",
              "skus text[]",
              "locations text[]",
              "reserved bigint[]",
              "on_hand bigint[]",
              "unavailable bigint[]",
              "incoming bigint[]",
              "topic text",
              "kafka_partition integer",
              "kafka_offset bigint",
              "trace_id text"),
          Set.of(),
          Set.of("state", "reason", "locations", "unavailable", "incoming", "trace_id"),
          List.of("order_id", "kind", "payment_id", "version", "month"),
          List.of("SELECT", "INSERT"));

  /** The columns of stock that only people change. */
  private static final Set<String> OF_PEOPLE = Set.of("safety", "oversell");

  /** Columns of stock that start at 0: those of documents, which only an update changes. */
  private static final Set<String> OF_DOCUMENTS = Set.of("unavailable", "incoming");

  /** Columns with a default, which an insert does not name. */
  private static final Set<String> DEFAULTED =
      Set.of(
          "updated_at",
          "month",
          "at",
          "shortage",
          "moved_at",
          "safety",
          "oversell",
          "id",
          "place",
          "waiting_since");

  private static final Pattern LIMITED_NUMERIC = Pattern.compile("numeric\\(\\d+,(-?\\d+)\\)");

  /** The schema that each of the tables needs. */
  public static Map<TableName, RequiredSchema> of(WarehouseTables tables) {
    Map<TableName, RequiredSchema> schemas = new HashMap<>();
    schemas.put(tables.stock(), STOCK);
    schemas.put(tables.orders(), ORDERS);
    schemas.put(tables.payments(), PAYMENTS);
    OrderPaymentTables orderPayments = tables.orderPayments();
    if (orderPayments != null) {
      schemas.put(orderPayments.payments(), ORDER_PAYMENTS);
      schemas.put(orderPayments.totals(), PAYMENT_TOTALS);
    }
    TableName audit = tables.audit();
    if (audit != null) {
      schemas.put(audit, AUDIT);
    }
    BackorderTables backorders = tables.backorders();
    if (backorders != null) {
      schemas.put(backorders.orders(), BackorderSchemas.ORDERS);
      schemas.put(backorders.due(), BackorderSchemas.DUE);
    }
    return schemas;
  }

  /** The same schema of a table in which these columns are never null. */
  public RequiredSchema without(Set<String> notNull) {
    Set<String> others = new HashSet<>(nullable);
    others.removeAll(notNull);
    return new RequiredSchema(columns, counters, Set.copyOf(others), key, privileges);
  }

  /**
   * Whether the sink writes a column of this name, in any of its tables but those of backorders,
   * whose columns are never null because of a record.
   */
  public static boolean isWritten(String column) {
    return Stream.of(STOCK, ORDERS, PAYMENTS, ORDER_PAYMENTS, PAYMENT_TOTALS, AUDIT)
        .anyMatch(schema -> schema.columns.containsKey(column));
  }

  /**
   * Whether a column is of a type that the sink can read and write.
   *
   * @param found as {@link Catalog#readColumns} reads it
   */
  public boolean fits(String column, String found) {
    if (column.equals("order_id")) {
      return Catalog.orderIdType(found).isPresent();
    }
    if (column.equals("expires_at") || column.equals("moved_at")) {
      // Without a time zone, the session's would decide what is due or counted.
      return found.equals("timestamptz");
    }
    String type = columns.getOrDefault(column, "");
    return switch (type) {
      case "text" -> Set.of("text", "varchar").contains(found);
      case "numeric" -> holdsAmounts(found);
      case "integer" -> found.equals("int4");
      case "date" -> found.equals("date");
      case "text[]" -> found.equals("_text");
      case "bigint[]" -> found.equals("_int8");
      case "timestamptz" -> Set.of("timestamptz", "timestamp").contains(found);
      default -> found.equals("int8");
    };
  }

  /**
   * Whether a column is suitable for amounts. If the type has a scale, records of amounts with more
   * decimals are bad; many currencies have none. Types that are not numeric convert amounts before
   * their decimals can be compared.
   */
  private static boolean holdsAmounts(String found) {
    Matcher limited = LIMITED_NUMERIC.matcher(found);
    return limited.matches() ? Integer.parseInt(limited.group(1)) >= 0 : found.equals("numeric");
  }

  /**
   * The columns on which the sink uses a privilege.
   *
   * @param privilege SELECT, INSERT or UPDATE
   */
  public List<String> columnsFor(String privilege) {
    return columns.keySet().stream()
        .filter(column -> !privilege.equals("INSERT") || isInserted(column))
        .filter(column -> !privilege.equals("UPDATE") || !key.contains(column))
        .filter(column -> !privilege.equals("UPDATE") || !OF_PEOPLE.contains(column))
        .toList();
  }

  private boolean isInserted(String column) {
    return !DEFAULTED.contains(column)
        && !(counters.contains(column) && OF_DOCUMENTS.contains(column));
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> union = new HashSet<>(some);
    union.addAll(others);
    return Set.copyOf(union);
  }

  static Map<String, String> columns(String... definitions) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String definition : definitions) {
      String[] parts = definition.split(" ", 2);
      columns.put(parts[0], parts[1]);
    }
    return columns;
  }
}
