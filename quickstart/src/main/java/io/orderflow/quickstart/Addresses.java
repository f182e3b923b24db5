package io.orderflow.quickstart;

import io.orderflow.quickstart.setup.Installation;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** How to look into a stack that is kept. */
final class Addresses {

  private Addresses() {}

  /** Lines to print. */
  static List<String> of(LocalStack stack) {
    PostgresServer postgres = stack.postgres();
    URI rest = stack.connect().uris().get(0);
    return List.of(
        "Everything still runs:",
        "  Connect REST  "
            + stack.connect().uris().stream().map(URI::toString).collect(Collectors.joining("  ")),
        "  Kafka         " + stack.kafka().bootstrapServers(),
        "  shop          " + jdbc(postgres, Installation.SHOP),
        "  warehouse     " + jdbc(postgres, Installation.WAREHOUSE),
        "  logs          " + stack.logs(),
        "",
        "  curl -s " + rest.resolve("/connectors/inventory-sink/status"),
        "  psql '"
            + libpq(postgres, Installation.WAREHOUSE)
            + "' -c 'SELECT state, reason, count(*) FROM order_inventory GROUP BY 1, 2'",
        "");
  }

  private static String jdbc(PostgresServer postgres, String database) {
    String url = postgres.jdbcUrl(database);
    return url
        + (url.contains("?") ? '&' : '?')
        + "user="
        + postgres.user()
        + "&password="
        + postgres.password();
  }

  private static String libpq(PostgresServer postgres, String database) {
    return postgres
        .jdbcUrl(database)
        .replaceFirst("^jdbc:postgresql://", "")
        .transform(
            address ->
                "postgresql://" + postgres.user() + ':' + postgres.password() + '@' + address);
  }
}
