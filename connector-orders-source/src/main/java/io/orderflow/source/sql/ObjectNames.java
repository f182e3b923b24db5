package io.orderflow.source.sql;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.OrderIdColumns;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Names of the objects that a capture creates in a source database: {@code
 * orderflow_<purpose>_<table>_<hash>}. The hash is that of everything the object depends on, so
 * captures share an object exactly if they need the same one, however similar the names of their
 * tables are.
 */
public final class ObjectNames {

  /** PostgreSQL truncates longer names (manual, 4.1.1). */
  private static final int MAX_BYTES = 63;

  private static final int HASH_BYTES = 4;

  private static final String PREFIX = "orderflow_";

  private ObjectNames() {}

  /** Whether an object that has this name was created for a capture. */
  public static boolean isOurs(String name) {
    return name.startsWith(PREFIX);
  }

  /**
   * The name of an object in a schema, whose readers should recognize its table.
   *
   * @param identity everything that distinguishes it from other objects of this purpose
   */
  public static String ofTable(String purpose, String table, String... identity) {
    String prefix = PREFIX + purpose + "_";
    String suffix = "_" + hash(identity);
    return prefix + truncated(table, MAX_BYTES - prefix.length() - suffix.length()) + suffix;
  }

  /** The name of the index of a table by the columns with the order ID. */
  public static String orderIdIndex(TableName table, List<String> columns) {
    return ofTable("order_id", table.table(), table.quoted(), String.join("\0", columns));
  }

  /** The name of the index along which query capture reads a table. */
  public static String captureIndex(
      TableName table, String changeXid, OrderIdColumns ids, int shards) {
    return ofTable(
        "capture_" + shards, table.table(), table.quoted(), changeXid, OrderIdSql.columns(ids, ""));
  }

  /** The name of a trigger, which belongs to its table anyway. */
  static String ofTrigger(String purpose, String... identity) {
    return PREFIX + purpose + "_" + hash(identity);
  }

  /** Eight hexadecimal digits; the parts are separated, so that no two lists look the same. */
  static String hash(String... identity) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\0", identity).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static String truncated(String text, int maxBytes) {
    String part = text;
    while (part.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      part = part.substring(0, part.offsetByCodePoints(part.length(), -1));
    }
    return part;
  }
}
