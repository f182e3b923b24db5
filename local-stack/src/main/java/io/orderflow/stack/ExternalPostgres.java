package io.orderflow.stack;

/**
 * A PostgreSQL server that somebody else runs.
 *
 * @param url a JDBC address; its database is replaced by the one that is asked for, its parameters
 *     stay
 */
record ExternalPostgres(String url, String user, String password) implements PostgresServer {
  private static final String SCHEME = "jdbc:postgresql://";

  ExternalPostgres {
    if (!url.startsWith(SCHEME)) {
      throw new StackException(
          "Expected a PostgreSQL address like " + SCHEME + "host:5432/postgres, found " + url);
    }
  }

  @Override
  public String jdbcUrl(String database) {
    int question = url.indexOf('?');
    String parameters = question < 0 ? "" : url.substring(question);
    String address = url.substring(SCHEME.length(), question < 0 ? url.length() : question);
    int slash = address.indexOf('/');
    String hosts = slash < 0 ? address : address.substring(0, slash);
    return SCHEME + hosts + '/' + database + parameters;
  }

  @Override
  public String toString() {
    return "ExternalPostgres[" + jdbcUrl("") + ", " + user + ']';
  }
}
