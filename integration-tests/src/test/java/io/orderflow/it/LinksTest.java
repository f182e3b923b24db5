package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the pages of the documentation lead somewhere, and so do the names in commands. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern TEST = Pattern.compile("-D(?:it\\.)?test='?([\\w*,]+)");
  private static final Pattern PROPERTY = Pattern.compile("orderflow(\\.[a-z]+)+");
  private static final Pattern SET_PROPERTY = Pattern.compile("-D(orderflow(?:\\.[a-z]+)+)");

  /** With these names, Maven runs no test of a kind. */
  private static final Set<String> NO_TEST = Set.of("None", "NoSuch");

  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  @Test
  void everyLinkLeadsToAFileAndToAHeadingOfIt() throws IOException {
    // When
    List<String> broken =
        files("\\.md").stream().flatMap(page -> broken(page, read(page))).toList();

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

  /** Maven reports no failure for a test that does not exist, and the suite would prove nothing. */
  @Test
  void everyTestAndPropertyThatACommandNamesExists() throws IOException {
    // Given
    Set<String> tests = new HashSet<>();
    Set<String> properties = new HashSet<>();
    for (Path source : files("/src/test/java/.+\\.java|/pom\\.xml")) {
      tests.add(source.getFileName().toString().replace(".java", ""));
      PROPERTY.matcher(read(source)).results().forEach(found -> properties.add(found.group()));
    }

    // When
    List<String> missing = new ArrayList<>();
    for (Path file : files("/(CONTRIBUTING\\.md|docs/.+\\.md|\\.github/.+\\.yml)")) {
      String text = read(file);
      TEST.matcher(text)
          .results()
          .flatMap(found -> Stream.of(found.group(1).split(",", -1)))
          .filter(name -> !NO_TEST.contains(name) && !matches(tests, name))
          .forEach(missing::add);
      SET_PROPERTY
          .matcher(text)
          .results()
          .map(found -> found.group(1))
          .filter(name -> !properties.contains(name))
          .forEach(missing::add);
    }

    // Then
    assertEquals(List.of(), missing);
  }

  private static boolean matches(Set<String> tests, String name) {
    Pattern pattern = Pattern.compile(name.replace("*", ".*"));
    return tests.stream().anyMatch(test -> pattern.matcher(test).matches());
  }

  private static List<Path> files(String pattern) throws IOException {
    Pattern names = Pattern.compile(".*(" + pattern + ")");
    try (Stream<Path> tree = Files.walk(Checkout.root())) {
      return tree.filter(file -> names.matcher(file.toString()).matches())
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/node_modules/"))
          .toList();
    }
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
