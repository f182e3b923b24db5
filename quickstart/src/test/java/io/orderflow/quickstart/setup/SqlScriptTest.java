package io.orderflow.quickstart.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlScriptTest {

  @Test
  void statementsEndWithSemicolonsAndTheLastMayGoWithout() {
    assertEquals(List.of("SELECT 1", "SELECT 2"), SqlScript.split("SELECT 1;\n\n SELECT 2\n"));
  }

  @Test
  void semicolonsInStringsNamesAndCommentsEndNothing() {
    // Given
    String script =
        """
        -- first; comment
        SELECT 'a;''b', "c;d" /* e;f
        */, E'g\\';h';
        SELECT 2;
        """;

    // When
    List<String> statements = SqlScript.split(script);

    // Then
    assertEquals(List.of("SELECT 'a;''b', \"c;d\" , E'g\\';h'", "SELECT 2"), statements);
  }

  @Test
  void dollarQuotedBodiesStayWhole() {
    // Given
    String function =
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          PERFORM $$x;y$$; -- stays
          RETURN NULL;
        END
        $body$""";

    // When
    List<String> statements = SqlScript.split(function + ";\nSELECT 1;");

    // Then
    assertEquals(List.of(function, "SELECT 1"), statements);
  }
}
