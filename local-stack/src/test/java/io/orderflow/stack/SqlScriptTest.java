package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlScriptTest {
  @Test
  void semicolonsOfStringsBodiesAndCommentsEndNoStatement() {
    // Given
    String script =
        """
        -- one; comment
        INSERT INTO a VALUES ('it''s; one', "b;c");
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN $1; END; $$;
        /* another; one */ SELECT $x$ ; $$ ; $x$
        ;;
        """;

    // When
    List<String> statements = SqlScript.statements(script);

    // Then
    assertEquals(
        List.of(
            "INSERT INTO a VALUES ('it''s; one', \"b;c\")",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN $1; END; $$",
            "SELECT $x$ ; $$ ; $x$"),
        statements);
  }
}
