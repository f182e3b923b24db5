package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Main code, SQL, examples and pages use the words of docs/glossary.md, and plain English. */
class ProseTest {

  /** A regular expression of words that we do not use, and the words to use instead. */
  private record Rule(String words, String instead) {
    boolean matches(String text) {
      return Pattern.compile("(?i)\\b(" + words + ")\\b").matcher(text).find();
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule("(un)?told|tells?|telling|tellers?", "emit; of messages: say, report, show"),
          new Rule("owe[sd]?", "deferred"),
          new Rule("overtak(es?|en|ing)|overtook", "newer, stale, superseded"),
          new Rule("mend(s|ed|ing)?", "fix"),
          new Rule("anew", "again; make anew: recreate"),
          new Rule("whoever|whomever", "everybody who; or name the reader or session"),
          new Rule("catalogues?", "catalog"),
          new Rule("reshaped?|reshaping", "schema change"),
          new Rule("held back", "retained"),
          new Rule("(go|goes|going|gone|went) on", "continue"),
          new Rule("(is|are|be|was|were) away", "unavailable"),
          new Rule("by and by", "asynchronously, gradually"),
          new Rule("in good order", "cleanly"),
          new Rule(
              "(?-i:run: [A-Z])\\w*",
              "Run: and the SQL to the end of the message, which docs/your-shop.md collects"),
          new Rule("md5", "a hash that servers in FIPS mode have, such as sha256"));

  /** A line that may use such a word, and why. */
  private record Allowed(String file, String text, String reason) {
    boolean covers(String otherFile, String line) {
      return file.equals(otherFile) && line.contains(text);
    }
  }

  private static final List<Allowed> ALLOWED =
      List.of(
          new Allowed(
              "docs/adr/0006-the-source-producer-lingers.md",
              "EndTxn overtakes them",
              "one request overtakes another on the wire"));

  /** Without the tables of shop systems, which have words of their own. */
  private static final Pattern FILES =
      Pattern.compile(
          ".+/src/main/.+\\.(java|sql)"
              + "|(docs|config-examples)/(?!shops/[^/]+/demo/schema\\.sql).+\\.(md|sql|json|ya?ml)"
              + "|docker/[^/]+|\\.github/.+|[^/]+\\.md|benchmarks/README\\.md"
              + "|docker-compose\\.yml|Dockerfile");

  @Test
  void codeAndPagesUseTheWordsOfTheGlossary() throws IOException {
    // When
    List<String> found = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(Checkout.root())) {
      for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
        String name = Checkout.root().relativize(file).toString();
        if (FILES.matcher(name).matches() && !name.contains("/target/")) {
          List<String> lines = Files.readAllLines(file);
          for (int line = 0; line < lines.size(); line++) {
            findings(name, line + 1, lines.get(line)).forEach(found::add);
          }
        }
      }
    }

    // Then
    assertTrue(found.isEmpty(), () -> String.join("\n", found));
  }

  @Test
  void wordsAreFoundInSentencesAndNames() {
    assertEquals(1, findings("x.md", 1, "Whoever reads it").count());
    assertEquals(1, findings("X.java", 1, "  private boolean isTold() {").count());
    assertEquals(0, findings("x.md", 1, "The column `told` is retold").count());
  }

  private static Stream<String> findings(String file, int line, String text) {
    String prose = file.endsWith(".md") ? text.replaceAll("`[^`]*`", "") : text;
    String words = prose.replaceAll("(?<=[a-z0-9])(?=[A-Z])|_", " ");
    return RULES.stream()
        .filter(rule -> rule.matches(words))
        .filter(rule -> ALLOWED.stream().noneMatch(allowed -> allowed.covers(file, text)))
        .map(rule -> file + ":" + line + ": write \"" + rule.instead() + "\": " + text.strip());
  }
}
