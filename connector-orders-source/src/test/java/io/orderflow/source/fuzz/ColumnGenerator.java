package io.orderflow.source.fuzz;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fuzz.FuzzColumn.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Generates columns of every category of types, with defaults, identities and generated values. */
final class ColumnGenerator {

  /** By this collation, texts that differ in case alone are equal. */
  static final String COLLATION_DDL =
      "CREATE COLLATION public.caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";

  static final String COLLATE = " COLLATE public.caseless";

  private static final int MAX_COLUMNS = 6;

  /** Versions from which on PostgreSQL has generated columns without storage. */
  private static final int VIRTUAL_COLUMNS = 18;

  private final Draw draw;
  private final Names names;
  private final Set<String> kinds;

  ColumnGenerator(Draw draw, Names names, Set<String> kinds) {
    this.draw = draw;
    this.names = names;
    this.kinds = kinds;
  }

  /** Some columns, the first of which is a text that is always given. */
  List<FuzzColumn> columns(String text) {
    FuzzColumn first =
        new FuzzColumn(
            text,
            draw.of("text", "varchar(40)", "text COLLATE \"C\"", "text" + COLLATE),
            List.of("'NEW'", "'PAID'", "'SHIPPED'", Literals.text("Ä' \"\\ \t\n;")),
            "NOT NULL",
            Source.STATEMENT,
            true);
    List<FuzzColumn> columns = new ArrayList<>(List.of(first));
    int count = draw.below(MAX_COLUMNS + 1);
    for (int i = 0; i < count; i++) {
      columns.add(column(names.next(), text));
    }
    return columns;
  }

  private FuzzColumn column(String name, String text) {
    return switch (draw.below(12)) {
      case 0 -> volatileDefault(name);
      case 1 -> identity(name);
      case 2, 3 -> generated(name, text);
      case 4 -> toasted(name);
      default -> plain(name);
    };
  }

  private FuzzColumn plain(String name) {
    String type = draw.of(Literals.types());
    kinds.add("type " + type);
    List<String> literals = Literals.of(type);
    return switch (draw.below(4)) {
      case 0 -> new FuzzColumn(name, type, literals, "NOT NULL", Source.STATEMENT, true);
      case 1 -> withDefault(name, type, literals, "NOT NULL DEFAULT ");
      case 2 -> withDefault(name, type, literals, "DEFAULT ");
      default -> FuzzColumn.of(name, type, literals);
    };
  }

  private FuzzColumn withDefault(String name, String type, List<String> literals, String clause) {
    kinds.add("default");
    return new FuzzColumn(
        name, type, literals, clause + draw.of(literals), Source.STATEMENT, false);
  }

  private FuzzColumn volatileDefault(String name) {
    kinds.add("volatile default");
    return switch (draw.below(4)) {
      case 0 -> volatileDefault(name, "timestamptz", "DEFAULT clock_timestamp()");
      case 1 -> volatileDefault(name, "uuid", "NOT NULL DEFAULT gen_random_uuid()");
      case 2 -> volatileDefault(name, "double precision", "DEFAULT random()");
      default -> volatileDefault(name, "timestamp", "NOT NULL DEFAULT localtimestamp");
    };
  }

  private static FuzzColumn volatileDefault(String name, String type, String clause) {
    return new FuzzColumn(name, type, Literals.of(type), clause, Source.VOLATILE_DEFAULT, false);
  }

  private FuzzColumn identity(String name) {
    if (draw.oneIn(3)) {
      kinds.add("serial");
      return new FuzzColumn(
          name,
          draw.of("smallserial", "serial", "bigserial"),
          List.of("7", "8"),
          "",
          Source.STATEMENT,
          false);
    }
    boolean always = draw.flip();
    kinds.add("identity");
    return new FuzzColumn(
        name,
        draw.of("smallint", "integer", "bigint"),
        List.of("7", "8"),
        "GENERATED " + (always ? "ALWAYS" : "BY DEFAULT") + " AS IDENTITY",
        always ? Source.SERVER : Source.STATEMENT,
        false);
  }

  private FuzzColumn generated(String name, String text) {
    boolean isVirtual = Postgres.majorVersion() >= VIRTUAL_COLUMNS && draw.flip();
    kinds.add(isVirtual ? "virtual generated column" : "stored generated column");
    String expression =
        draw.of("upper(%s)", "length(%s)", "(length(%s) + 0.5)").formatted(Identifiers.quote(text));
    String type =
        expression.startsWith("upper")
            ? "text"
            : expression.startsWith("length") ? "integer" : "numeric(10,2)";
    return new FuzzColumn(
        name,
        type,
        List.of(),
        "GENERATED ALWAYS AS (" + expression + (isVirtual ? ") VIRTUAL" : ") STORED"),
        Source.SERVER,
        false);
  }

  private FuzzColumn toasted(String name) {
    kinds.add("toasted column");
    return FuzzColumn.of(
        name,
        "text",
        List.of(
            "repeat('x', 3000)",
            "(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 400) n)"));
  }
}
