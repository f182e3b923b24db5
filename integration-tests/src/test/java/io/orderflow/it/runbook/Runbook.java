package io.orderflow.it.runbook;

import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of one page: its fenced blocks of {@code sh}, and of {@code sql} with the database's
 * name.
 */
record Runbook(String page, List<Block> blocks) {
  private static final Pattern LINE =
      Pattern.compile("^## (.*)$|^```(sh|sql \\w+)$", Pattern.MULTILINE);

  /**
   * @param section the second-level heading above it
   * @param language {@code sh}, or {@code sql} and a database
   */
  record Block(String page, String section, String language, String text) {
    @Override
    public String toString() {
      return page + ", " + section + ": " + text;
    }
  }

  static Runbook read(String page) {
    String text;
    try {
      text = Files.readString(Checkout.root().resolve("docs/operations").resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Block> blocks = new ArrayList<>();
    String section = "";
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      if (line.group(1) != null) {
        section = line.group(1);
      } else {
        int end = text.indexOf("\n```", line.end());
        blocks.add(new Block(page, section, line.group(2), text.substring(line.end() + 1, end)));
      }
    }
    return new Runbook(page, List.copyOf(blocks));
  }

  /** The blocks under a heading, in their order. */
  List<Block> section(String heading) {
    List<Block> found = blocks.stream().filter(block -> block.section().equals(heading)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException("Expected commands under " + heading + " in " + page);
    }
    return found;
  }
}
