package io.orderflow.source.read;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.Reading;
import io.orderflow.source.sql.OrderIdSql;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * SQL over the rows that orders are read from: what each stands for, and those of a view. A view is
 * read for keys that the orders table has given, each along an index, and never as a whole: the
 * lateral subquery has an OFFSET, so that the planner joins it in no other way.
 */
public record OrderRowSql(CapturedTables tables, OrderSchema schema) {

  /** The column with the {@link RowMark}. No user's condition uses this name. */
  public static final String MARK = "\"orderflow mark\"";

  private static final String KEY = "\"orderflow key\"";
  private static final String ROW = "\"orderflow row\"";

  /** Whether rows have marks, since some do not stand for an order to emit. */
  public boolean haveMarks() {
    Reading reading = tables.reading();
    return reading.ordersView() != null
        || reading.ordersWhere() != null
        || reading.deletedWhere() != null;
  }

  /** Whether orders are read from a view. */
  public boolean isView() {
    return tables.reading().ordersView() != null;
  }

  /** The mark of a row of what is read, without a name. */
  public String mark() {
    String where = tables.reading().ordersWhere();
    String deleted = tables.reading().deletedWhere();
    String mark =
        deleted == null
            ? Integer.toString(RowMark.ORDER.code())
            : choice(
                deleted,
                Integer.toString(RowMark.HIDDEN.code()),
                Integer.toString(RowMark.ORDER.code()));
    return where == null ? mark : choice(where, mark, Integer.toString(RowMark.FILTERED.code()));
  }

  private static String choice(String condition, String then, String otherwise) {
    return "CASE WHEN (%s) THEN %s ELSE %s END".formatted(condition, then, otherwise);
  }

  /** The columns of the orders table with which an order is found in the view, as a select list. */
  public String keyColumns() {
    return keys().stream().map(name -> quote(name)).collect(Collectors.joining(", "));
  }

  private Set<String> keys() {
    Set<String> names = new LinkedHashSet<>(schema.ids().names());
    String version = schema.version();
    if (version != null) {
      names.add(version);
    }
    return names;
  }

  /**
   * The view's rows for keys: the header's columns, the mark, then the columns of the schema. A key
   * without a row in the view has the mark {@link RowMark#HIDDEN}, its ID and its version.
   *
   * @param header the names of other columns of the keys, quoted, each followed by a comma
   * @param keys a statement that selects them and {@link #keyColumns}
   */
  String ofView(String header, String keys) {
    return "SELECT %s%s, %s %s".formatted(header, markOrHidden(), columns(), from(keys));
  }

  /** The mark of a row of {@link #from}, with its name. */
  public String markOrHidden() {
    return "coalesce(%1$s.%2$s, %3$d) AS %2$s".formatted(ROW, MARK, RowMark.HIDDEN.code());
  }

  /** The columns of the schema in a row of {@link #from}, each under its name. */
  public String columns() {
    return schema.orders().columns().stream()
        .map(this::column)
        .collect(Collectors.joining(", ", OrderSnapshotSql.comment(schema), ""));
  }

  private String column(Column column) {
    String name = quote(column.name());
    if (schema.ids().names().contains(column.name())) {
      return KEY + "." + name;
    }
    return column.name().equals(schema.version())
        ? "coalesce(%1$s.%3$s, %2$s.%3$s) AS %3$s".formatted(ROW, KEY, name)
        : ROW + "." + name;
  }

  /** A column of the keys, which only {@link #from} has. */
  public String ofKey(String quoted) {
    return KEY + "." + quoted;
  }

  /** Joins keys to their rows in the view. */
  public String from(String keys) {
    TableName view = tables.ordersRead();
    String ofView = quote(view.table()) + ".";
    return """
    FROM (%s) AS %s
    LEFT JOIN LATERAL (
      SELECT %s, %s AS %s FROM %s WHERE %s OFFSET 0
    ) AS %s ON true\
    """
        .formatted(
            keys,
            KEY,
            OrderSnapshotSql.columns(schema, schema.orders(), ofView),
            mark(),
            MARK,
            view.quoted(),
            schema.ids().names().stream()
                .map(name -> ofView + quote(name) + " = " + ofKey(quote(name)))
                .collect(Collectors.joining(" AND ")),
            ROW);
  }

  /** The columns of the order ID in a row of {@link #from}. */
  String orderOfKeys() {
    return OrderIdSql.columns(schema.ids(), KEY + ".");
  }
}
