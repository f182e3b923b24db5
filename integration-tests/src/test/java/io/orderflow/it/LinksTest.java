package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the pages of the documentation lead somewhere. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  @Test
  void everyLinkLeadsToAFileAndToAHeadingOfIt() throws IOException {
    // When
    List<String> broken = pages().flatMap(page -> broken(page, read(page))).toList();

    // Then
    assertEquals(List.of(), broken);
  }

  @Test
  void brokenLinksAreFound() {
    Path page = Checkout.root().resolve("README.md");
    assertEquals(1, broken(page, "[x](docs/no-such-page.md)").count());
    assertEquals(1, broken(page, "[x](docs/guarantees.md#no-such-heading)").count());
    assertTrue(broken(page, "[x](docs/guarantees.md#what-they-rest-on)").toList().isEmpty());
  }

  private static Stream<Path> pages() throws IOException {
    List<Path> pages;
    try (Stream<Path> tree = Files.walk(Checkout.root())) {
      pages =
          tree.filter(file -> file.toString().endsWith(".md"))
              .filter(file -> !file.toString().contains("/target/"))
              .filter(file -> !file.toString().contains("/node_modules/"))
              .toList();
    }
    return pages.stream();
  }

  private static Stream<String> broken(Path page, String text) {
    return LINK.matcher(text)
        .results()
        .filter(link -> !link.group(1).contains("://"))
        .filter(
            link -> {
              Path target =
                  link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
              return !Files.exists(target)
                  || (link.group(2) != null && !anchors(target).contains(link.group(2)));
            })
        .map(link -> page + ": " + link.group());
  }

  /** As GitHub names headings. */
  private static List<String> anchors(Path page) {
    return HEADING
        .matcher(read(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\w\\- ]", "").strip().replace(' ', '-'))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
