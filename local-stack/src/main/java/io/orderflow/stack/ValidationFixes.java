package io.orderflow.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the SQL that {@code validate} reports, as the owner of the tables would. */
public final class ValidationFixes {
  /** As the command of docs/your-shop.md that collects it. */
  private static final Pattern SQL = Pattern.compile("(?::\\n|Run: )(.*)", Pattern.DOTALL);

  /** Some findings appear only once others are fixed. */
  private static final int MAX_ROUNDS = 6;

  private ValidationFixes() {}

  /**
   * Validates a configuration and runs the SQL of its findings, until there are none.
   *
   * @param config with {@code name}
   * @throws StackException if a finding has no SQL, or if the findings do not end
   */
  public static void run(ConnectRest rest, Map<String, String> config, Connection database) {
    List<String> findings = List.of();
    for (int round = 0; round < MAX_ROUNDS; round++) {
      findings = findings(rest, config);
      if (findings.isEmpty()) {
        return;
      }
      for (String finding : findings) {
        runScript(database, sql(finding));
      }
    }
    throw new StackException(config.get("name") + " has findings without end: " + findings);
  }

  /**
   * The SQL that a finding ends with.
   *
   * @throws StackException if there is none
   */
  public static String sql(String finding) {
    Matcher sql = SQL.matcher(finding);
    if (!sql.find()) {
      throw new StackException("There is no SQL in: " + finding);
    }
    return sql.group(1);
  }

  private static List<String> findings(ConnectRest rest, Map<String, String> config) {
    JsonNode answer = rest.validate(config.getOrDefault("connector.class", ""), config);
    List<String> findings = new ArrayList<>();
    for (JsonNode setting : answer.path("configs")) {
      JsonNode value = setting.path("value");
      value
          .path("errors")
          .forEach(error -> findings.add(value.path("name").asText() + ": " + error.asText()));
    }
    return findings;
  }

  private static void runScript(Connection database, String sql) {
    try {
      Path script = Files.createTempFile("orderflow", ".sql");
      Files.writeString(script, sql);
      SqlScript.run(database, script);
      Files.delete(script);
    } catch (IOException e) {
      throw new StackException("Could not write a script", e);
    }
  }
}
