package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;

import io.orderflow.common.database.TableName;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The triggers of a capture with one purpose. Which ones it needs depends on the kind of the table,
 * and a shop may change that after an installation. Then those that are no longer needed would call
 * functions that do not fit, or that an uninstallation has dropped.
 *
 * @param needed the triggers for the table as it is; none if there is no such table
 * @param others the triggers for a table of any other kind
 * @param shared whether the triggers of other captures call the same functions
 */
record TriggerGroup(List<Trigger> needed, List<Trigger> others, boolean shared) {

  TriggerGroup {
    needed = List.copyOf(needed);
    others = List.copyOf(others);
  }

  /** Creates the triggers, and drops those that the table does not need. */
  String create(SqlTemplate texts) {
    if (needed.isEmpty()) {
      return "";
    }
    Set<TriggerFunction> functions = functions(needed.stream());
    Set<TriggerFunction> unneeded = functions(others.stream());
    unneeded.removeAll(functions);
    String table = literal(needed.get(0).table().quoted());
    String isUnneeded =
        "\n      AND NOT (tgname IN (%s) AND (tgrelid = %s::regclass OR tgrelid IN (SELECT relid FROM pg_partition_tree(%s))))"
            .formatted(literals(needed.stream().map(Trigger::name)), table, table);
    return functions.stream()
            .map(function -> function.create() + "\n")
            .collect(Collectors.joining())
        + needed.stream().map(Trigger::create).collect(Collectors.joining("\n"))
        + "\n"
        + dropTriggers(texts, isUnneeded)
        + dropFunctions(unneeded);
  }

  /**
   * Drops the triggers of the table, of its partitions, and of tables that had its name or were
   * partitions, and their functions, unless other captures need them.
   */
  String drop(SqlTemplate texts, Registration own) {
    if (needed.isEmpty()) {
      return "";
    }
    return dropTriggers(texts, "\n      AND " + own.isUnused(mention()))
        + (shared ? "" : dropUncalledFunctions(texts));
  }

  /** Drops the same triggers, also those that other captures need. */
  String dropOfAllCaptures(SqlTemplate texts) {
    return dropTriggers(texts, "");
  }

  /** How each script that drops the triggers mentions one that tables of all kinds have. */
  String mention() {
    Trigger last = needed.get(needed.size() - 1);
    return literal(shared ? last.name() : last.function().call());
  }

  private String dropUncalledFunctions(SqlTemplate texts) {
    return texts.with(Map.of("functions", calls("oid"))).render("drop-functions.sql") + "\n";
  }

  private String dropTriggers(SqlTemplate texts, String isUnneeded) {
    String calls = calls("tgfoid");
    String isOurs =
        shared
            ? calls + " AND tgname IN (%s)".formatted(literals(all().map(Trigger::name).distinct()))
            : calls;
    return texts
            .with(Map.of("is_ours", isOurs, "is_unneeded", isUnneeded))
            .render("drop-triggers.sql")
        + "\n";
  }

  private String calls(String column) {
    return functions(all()).stream()
        .map(function -> "to_regprocedure(%s)".formatted(literal(function.call())))
        .collect(Collectors.joining(",\n        ", column + " IN (\n        ", ")"));
  }

  private static String dropFunctions(Collection<TriggerFunction> functions) {
    return functions.stream()
        .map(TriggerFunction::name)
        .map(TableName::quoted)
        .distinct()
        .map("DROP FUNCTION IF EXISTS %s();\n\n"::formatted)
        .collect(Collectors.joining());
  }

  private Stream<Trigger> all() {
    return Stream.concat(needed.stream(), others.stream());
  }

  private static Set<TriggerFunction> functions(Stream<Trigger> triggers) {
    return triggers.map(Trigger::function).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String literals(Stream<String> names) {
    return names.map(name -> literal(name)).collect(Collectors.joining(", "));
  }
}
