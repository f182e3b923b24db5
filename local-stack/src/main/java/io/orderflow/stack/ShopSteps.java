package io.orderflow.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happens to orders of a shop: the file {@code demo/steps.sql} of a recipe. It has a section
 * {@code -- step NAME} for each step, which is one transaction, and says with {@code -- lacks NAME:
 * REASON} and {@code -- note NAME: TEXT} what is different in the shop. {@code :n} stands for a
 * number; each number has orders of its own.
 */
public final class ShopSteps {
  /** The steps, in their order. Each shop has them, or says why not. */
  public static final List<String> NAMES =
      List.of("place", "pay1", "pay2", "change", "ship", "return", "refund", "cancel", "delete");

  private static final Pattern SECTION =
      Pattern.compile(
          "^-- step (\\w+)\\n(.*?)(?=^-- step|\\z)", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern REMARK = Pattern.compile("(?m)^-- (lacks|note) (\\w+): (.*)$");
  private static final Pattern NUMBER = Pattern.compile("(?<!:):n\\b");

  private final Map<String, List<String>> statements = new LinkedHashMap<>();
  private final Map<String, String> lacks = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();

  private ShopSteps() {}

  /**
   * Reads the file.
   *
   * @throws StackException if a step is neither there nor lacking with a reason
   */
  static ShopSteps read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new StackException("Could not read " + file, e);
    }
    var steps = new ShopSteps();
    Matcher remark = REMARK.matcher(text);
    while (remark.find()) {
      (remark.group(1).equals("lacks") ? steps.lacks : steps.notes)
          .put(remark.group(2), remark.group(3));
    }
    Matcher section = SECTION.matcher(text);
    while (section.find()) {
      steps.statements.put(section.group(1), SqlScript.statements(section.group(2)));
    }
    for (String name : NAMES) {
      if (steps.statements.containsKey(name) == steps.lacks.containsKey(name)) {
        throw new StackException(file + " must have either the step " + name + " or its lack");
      }
    }
    return steps;
  }

  /** The steps of this shop, in their order. */
  public List<String> names() {
    return NAMES.stream().filter(statements::containsKey).toList();
  }

  /** Why a shop has no such step, by step. */
  public Map<String, String> lacks() {
    return Map.copyOf(lacks);
  }

  /** What is different about a step, by step. */
  public Map<String, String> notes() {
    return Map.copyOf(notes);
  }

  /**
   * Runs a step in one transaction.
   *
   * @param connection whose auto-commit mode is off
   * @param n the number of the orders
   */
  public void run(Connection connection, String step, long n) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (String sql : statements.getOrDefault(step, List.of())) {
        statement.execute(NUMBER.matcher(sql).replaceAll(Long.toString(n)));
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }
}
