package io.orderflow.source.fuzz;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.fuzz.FuzzColumn.Source;
import java.util.List;

/** Generates statements that change the tables, and changes the known columns with them. */
final class SchemaChanges {

  private static final List<String> TYPES =
      List.of(
          "integer", "bigint", "numeric(10,2)", "text", "timestamptz", "date", "jsonb", "interval");

  private final Draw draw;
  private final FuzzTables tables;
  private final Rows rows;
  private int added;

  SchemaChanges(Draw draw, FuzzTables tables, Rows rows) {
    this.draw = draw;
    this.tables = tables;
    this.rows = rows;
  }

  String change() {
    boolean ofOrders = draw.flip();
    String table = ofOrders ? tables.ordersTable() : tables.itemsTable();
    List<FuzzColumn> columns = ofOrders ? rows.orderColumns() : rows.itemColumns();
    String alter = "ALTER TABLE " + table + " ";
    return switch (draw.below(8)) {
      case 0 -> alter + add(columns, "");
      case 1 -> alter + addVolatile(columns);
      case 2 -> alter + drop(columns);
      case 3 -> alter + rename(columns);
      case 4, 5 -> alter + changeType(columns);
      case 6 -> other(alter, columns.get(0));
      default -> ofTypes();
    };
  }

  /** A statement that writes a table to another file, without a change of its rows. */
  String rewrite() {
    return "VACUUM FULL " + (draw.flip() ? tables.ordersTable() : tables.itemsTable());
  }

  /** Changes that concern no value. */
  private String other(String alter, FuzzColumn column) {
    return alter
        + draw.of(
                "ALTER COLUMN %s SET DEFAULT 'NEW'",
                "ALTER COLUMN %s SET STATISTICS 10",
                "ALTER COLUMN %s SET STORAGE EXTERNAL",
                "ADD CHECK (%s <> 'never')",
                "ALTER COLUMN %s DROP NOT NULL",
                "SET (fillfactor = 70)")
            .formatted(column.quoted());
  }

  /** Changes of types that the tables may use; a renamed label of an enum changes values. */
  private String ofTypes() {
    return draw.of(
        "ALTER TYPE public.mood ADD VALUE IF NOT EXISTS 'new'",
        "ALTER TYPE public.mood RENAME VALUE 'calm' TO 'quiet'",
        "ALTER DOMAIN public.price ADD CHECK (VALUE > -1)");
  }

  private String add(List<FuzzColumn> columns, String clause) {
    String type = draw.of(TYPES);
    String name = "added_" + ++added;
    String given = draw.flip() ? clause : "NOT NULL DEFAULT " + draw.of(Literals.of(type));
    FuzzColumn column =
        new FuzzColumn(name, type, Literals.of(type), given, Source.STATEMENT, false);
    columns.add(column);
    return "ADD COLUMN " + column.definition();
  }

  private String addVolatile(List<FuzzColumn> columns) {
    FuzzColumn column =
        new FuzzColumn(
            "added_" + ++added,
            "uuid",
            Literals.of("uuid"),
            "NOT NULL DEFAULT gen_random_uuid()",
            Source.VOLATILE_DEFAULT,
            false);
    columns.add(column);
    return "ADD COLUMN " + column.definition();
  }

  /** Keeps the first column, from which others may be generated. */
  private String drop(List<FuzzColumn> columns) {
    int index = free(columns);
    return index < 0 ? add(columns, "") : "DROP COLUMN " + columns.remove(index).quoted();
  }

  /** A column that no setting names; -1 if the one that was drawn is not such. */
  private int free(List<FuzzColumn> columns) {
    int index = columns.size() < 2 ? -1 : draw.between(1, columns.size() - 1);
    boolean ofOrders = columns == rows.orderColumns();
    return index < 0 || tables.choices().name(ofOrders, columns.get(index).name()) ? -1 : index;
  }

  private String rename(List<FuzzColumn> columns) {
    int index = free(columns);
    if (index < 0) {
      return add(columns, "");
    }
    FuzzColumn old = columns.get(index);
    String name = "renamed_" + ++added;
    columns.set(
        index,
        new FuzzColumn(
            name, old.type(), old.literals(), old.clause(), old.source(), old.required()));
    return "RENAME COLUMN " + old.quoted() + " TO " + Identifiers.quote(name);
  }

  private String changeType(List<FuzzColumn> columns) {
    for (FuzzColumn column : columns) {
      boolean plain = column.isWritable() && column.clause().isEmpty();
      String name = column.quoted();
      if (plain && column.type().equals("integer")) {
        return draw.flip()
            ? "ALTER COLUMN %s TYPE bigint".formatted(name)
            : "ALTER COLUMN %1$s TYPE bigint USING %1$s::bigint * 100".formatted(name);
      }
      if (plain && column.type().equals("numeric(10,2)")) {
        return "ALTER COLUMN %1$s TYPE numeric(14,3) USING %1$s * 100".formatted(name);
      }
      if (plain && column.type().equals("varchar(20)")) {
        return "ALTER COLUMN %s TYPE text".formatted(name);
      }
      if (plain && column.type().equals("timestamptz")) {
        return "ALTER COLUMN %1$s TYPE timestamp USING %1$s AT TIME ZONE 'UTC'".formatted(name);
      }
    }
    return add(columns, "");
  }
}
