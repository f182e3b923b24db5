package io.orderflow.source.fuzz;

import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Does what {@code validate} says until it finds nothing. */
final class Installation {

  private static final int ATTEMPTS = 8;

  private final Shop shop;
  private final FuzzTables tables;
  private final Set<String> fixes = new TreeSet<>();

  Installation(Shop shop, FuzzTables tables) {
    this.shop = shop;
    this.tables = tables;
  }

  /**
   * Makes the tables ready for a capture.
   *
   * @return why they cannot be captured; empty if they are ready
   * @throws FuzzFailure if a finding is not true, or its fix does not help
   */
  Optional<String> install(Map<String, String> settings) {
    Map<String, List<String>> findings = Map.of();
    for (int i = 0; i < ATTEMPTS; i++) {
      findings = Validation.findings(settings);
      if (findings.isEmpty()) {
        return Optional.empty();
      }
      for (List<String> messages : findings.values()) {
        for (String message : messages) {
          Optional<String> refused = fix(message, settings);
          if (refused.isPresent()) {
            return refused;
          }
        }
      }
    }
    throw new FuzzFailure("the fixes do not help: " + findings);
  }

  /** The kinds of statements that were run. */
  Set<String> fixes() {
    return fixes;
  }

  private Optional<String> fix(String message, Map<String, String> settings) {
    Optional<String> refused = Refusal.of(message, tables).map(Refusal::reason);
    if (refused.isPresent()) {
      return refused;
    }
    Optional<String> sql = Validation.fix(message);
    if (sql.isPresent()) {
      try {
        shop.runScript(sql.get());
        fixes.add(kind(sql.get()));
      } catch (RuntimeException e) {
        throw new FuzzFailure("the fix fails: " + e.getMessage() + "\n" + message, e);
      }
      return Optional.empty();
    }
    throw new FuzzFailure("refused without a known reason: " + message + settings);
  }

  /** The first words of a script, without names. */
  private static String kind(String script) {
    return script
        .lines()
        .filter(line -> !line.startsWith("--") && !line.isBlank())
        .findFirst()
        .map(line -> line.replaceAll("\\\"[^ ]*|[a-z].*", "…"))
        .orElse("");
  }
}
