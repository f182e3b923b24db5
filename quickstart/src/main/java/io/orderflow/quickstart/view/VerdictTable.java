package io.orderflow.quickstart.view;

import io.orderflow.quickstart.verdict.Check;
import io.orderflow.quickstart.verdict.Fault;
import io.orderflow.quickstart.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The verdict as a table: each fault's number, and below it whatever was found. */
public final class VerdictTable {

  private VerdictTable() {}

  /** Lines to print. */
  public static List<String> of(Verdict verdict) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("  verdict");
    for (Fault fault : Fault.values()) {
      List<Check> checks =
          verdict.checks().stream().filter(check -> check.fault() == fault).toList();
      String counted = checks.size() == 1 ? "1 check" : checks.size() + " checks";
      lines.add(
          String.format(
              Locale.ROOT, "  %-12s%,10d  (%s)", fault.word(), verdict.count(fault), counted));
      checks.stream().filter(check -> check.count() > 0).forEach(check -> lines.add(found(check)));
    }
    lines.add("");
    return lines;
  }

  private static String found(Check check) {
    String examples =
        check.examples().isEmpty() ? "" : ", e.g. " + String.join(", ", check.examples());
    return String.format(
        Locale.ROOT, "  %-12s%,10d    %s%s", "", check.count(), check.what(), examples);
  }
}
