package io.orderflow.source.fuzz;

import io.orderflow.common.database.Identifiers;
import java.util.List;

/**
 * A column of a generated table.
 *
 * @param literals SQL expressions of its values
 * @param clause what follows its type in {@code CREATE TABLE}
 * @param source who gives its values
 * @param required whether an insert must give a value
 */
record FuzzColumn(
    String name,
    String type,
    List<String> literals,
    String clause,
    Source source,
    boolean required) {

  /** Who gives a column its values. */
  enum Source {
    /** A statement or a default, the same in each database. */
    STATEMENT,
    /** A statement, or a default that differs from call to call. */
    VOLATILE_DEFAULT,
    /** The server alone. */
    SERVER
  }

  /** A column that may be null. */
  static FuzzColumn of(String name, String type, List<String> literals) {
    return new FuzzColumn(name, type, literals, "", Source.STATEMENT, false);
  }

  String quoted() {
    return Identifiers.quote(name);
  }

  boolean isWritable() {
    return source != Source.SERVER;
  }

  boolean mayBeNull() {
    return isWritable()
        && !clause.contains("NOT NULL")
        && !clause.contains("IDENTITY")
        && !type.endsWith("serial");
  }

  String literal(Draw draw) {
    return draw.of(literals);
  }

  String definition() {
    return quoted() + " " + type + (clause.isEmpty() ? "" : " " + clause);
  }
}
