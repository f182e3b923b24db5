package io.orderflow.source.sql;

import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A function in PL/pgSQL that triggers call.
 *
 * @param name of the function; a function has a schema as a table has
 * @param body the text from DECLARE or BEGIN to END, as {@code pg_proc.prosrc} has it
 * @param definer whether it runs with the privileges of its owner, since the role that changes a
 *     table may lack them
 * @param settings in force while it runs, each as {@code name=value}
 */
public record TriggerFunction(TableName name, String body, boolean definer, List<String> settings) {

  public TriggerFunction {
    settings = List.copyOf(settings);
  }

  /** The call, as CREATE TRIGGER names it. */
  public String call() {
    return name.quoted() + "()";
  }

  /** The statements that create the function, or replace it. */
  String create() {
    String options =
        (definer ? " SECURITY DEFINER" : "")
            + settings.stream()
                .map(setting -> "\nSET " + setting.replaceFirst("=", " = "))
                .collect(Collectors.joining());
    String dollars = dollars();
    String create =
        "CREATE OR REPLACE FUNCTION %s RETURNS trigger\nLANGUAGE plpgsql%s AS %s%s%s;\n"
            .formatted(call(), options, dollars, body, dollars);
    return definer
        ? create + "\nREVOKE ALL ON FUNCTION %s FROM PUBLIC;\n".formatted(call())
        : create;
  }

  private String dollars() {
    String dollars = "$$";
    for (int i = 0; body.contains(dollars); i++) {
      dollars = "$body" + i + "$";
    }
    return dollars;
  }
}
