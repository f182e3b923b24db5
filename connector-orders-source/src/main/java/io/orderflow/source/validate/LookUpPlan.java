package io.orderflow.source.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a plan, as EXPLAIN (VERBOSE) writes them.
 *
 * @param lines of the plan
 */
record LookUpPlan(List<String> lines) {

  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[\\w$]+)";

  /** A scan of a table: its node, its name with the schema, and its alias if that differs. */
  private static final Pattern SCAN =
      Pattern.compile(
          "(?:Parallel )?((?:Seq|Index|Index Only) Scan)(?: Backward)?(?: using %1$s)? on (%1$s\\.(%1$s))(?: (%1$s))? +\\(cost="
              .formatted(NAME));

  private static final String COST = "  (cost=";
  private static final String INDEX_CONDITION = "Index Cond: ";

  /**
   * A table that is read from its begin to its end.
   *
   * @param table its name, quoted for SQL
   * @param node of the plan that reads it
   * @param column that the plan compares for equality, quoted for SQL; null if there is none
   */
  record WholeTable(String table, String node, @Nullable String column) {}

  /**
   * The tables that are read completely. An index that has no condition is read completely, too.
   */
  List<WholeTable> wholeTables() {
    List<WholeTable> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher scan = SCAN.matcher(lines.get(i));
      if (scan.find() && !hasIndexCondition(i)) {
        String alias = scan.group(4) == null ? scan.group(3) : scan.group(4);
        found.add(new WholeTable(scan.group(2), node(lines.get(i)), comparedColumn(alias)));
      }
    }
    return found;
  }

  private static String node(String line) {
    return line.substring(0, line.indexOf(COST)).replace("->", "").strip();
  }

  /** The lines of a node precede those of the nodes below it. */
  private boolean hasIndexCondition(int node) {
    for (int i = node + 1; i < lines.size() && !lines.get(i).contains(COST); i++) {
      if (lines.get(i).strip().startsWith(INDEX_CONDITION)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable String comparedColumn(String alias) {
    String column = "%s\\.(%s)".formatted(Pattern.quote(alias), NAME);
    Pattern compared =
        Pattern.compile("(?<![\\w\"])%1$s = |(?: = |= ANY \\()%1$s\\)".formatted(column));
    for (String line : lines) {
      if (line.contains("Filter: ") || line.contains(" Cond: ")) {
        Matcher found = compared.matcher(line);
        if (found.find()) {
          return found.group(1) == null ? found.group(2) : found.group(1);
        }
      }
    }
    return null;
  }
}
