package io.orderflow.sink.warehouse;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;

/**
 * A connection whose statements end with a comment, which PostgreSQL writes into its log with them.
 * The server then plans each statement anew: that is for the few batches that are traced.
 */
final class CommentedSql {

  /** {@link BinaryCopy} asks for its statement by the second. */
  private static final Set<String> TAKING_SQL = Set.of("prepareStatement", "nativeSQL");

  private CommentedSql() {}

  static Connection on(Connection connection, String comment) {
    if (comment.isEmpty()) {
      return connection;
    }
    return (Connection)
        Proxy.newProxyInstance(
            CommentedSql.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (TAKING_SQL.contains(method.getName())) {
                arguments[0] = arguments[0] + comment;
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
