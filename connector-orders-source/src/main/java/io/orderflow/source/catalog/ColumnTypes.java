package io.orderflow.source.catalog;

import io.orderflow.source.schema.ColumnType;
import io.orderflow.source.schema.ColumnType.Scalar;
import io.orderflow.source.schema.DecimalHandling;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types of some tables' columns, followed through domains and arrays. */
final class ColumnTypes {

  /** A row of {@code pg_type}. */
  private record CatalogueType(
      String name,
      boolean builtIn,
      char kind,
      char category,
      long base,
      int baseMod,
      long element,
      char delimiter) {}

  private static final String TYPES =
      """
      WITH RECURSIVE used (oid) AS (
        SELECT atttypid FROM pg_catalog.pg_attribute
        WHERE attrelid = ANY (?) AND attnum > 0 AND NOT attisdropped
        UNION
        SELECT further.oid
        FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid
        CROSS JOIN LATERAL (VALUES (t.typbasetype), (t.typelem)) AS further (oid)
        WHERE further.oid <> 0
      )
      SELECT t.oid, t.typname, t.typnamespace = 'pg_catalog'::regnamespace, t.typtype, t.typcategory,
             t.typbasetype, t.typtypmod, t.typelem, t.typdelim
      FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid
      """;

  private final Map<Long, CatalogueType> types;
  private final DecimalHandling decimals;

  private ColumnTypes(Map<Long, CatalogueType> types, DecimalHandling decimals) {
    this.types = types;
    this.decimals = decimals;
  }

  static ColumnTypes of(Connection connection, List<Long> tables, DecimalHandling decimals)
      throws SQLException {
    Map<Long, CatalogueType> types = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(TYPES)) {
      Array oids = connection.createArrayOf("oid", tables.toArray());
      statement.setArray(1, oids);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          types.put(
              row.getLong(1),
              new CatalogueType(
                  row.getString(2),
                  row.getBoolean(3),
                  row.getString(4).charAt(0),
                  row.getString(5).charAt(0),
                  row.getLong(6),
                  row.getInt(7),
                  row.getLong(8),
                  row.getString(9).charAt(0)));
        }
      }
    }
    return new ColumnTypes(types, decimals);
  }

  /** The name of the type, of its base type where it is a domain. */
  String nameOf(long oid) {
    CatalogueType type = find(oid);
    return type.kind() == 'd' ? nameOf(type.base()) : type.name();
  }

  /** What a column's values are in an event. */
  ColumnType typeOf(long oid, int modifier) {
    CatalogueType type = find(oid);
    if (type.kind() == 'd') {
      return typeOf(type.base(), type.baseMod());
    }
    if (type.kind() == 'e') {
      return Scalar.TEXT;
    }
    // The vectors are the catalogue's own, with a text form that is not an array's.
    if (type.category() == 'A' && type.element() != 0 && !type.name().endsWith("vector")) {
      return new ColumnType.Array(
          typeOf(type.element(), modifier), find(type.element()).delimiter());
    }
    return type.builtIn() ? builtIn(type.name(), modifier) : Scalar.OTHER;
  }

  private ColumnType builtIn(String name, int modifier) {
    return switch (name) {
      case "bool" -> Scalar.BOOLEAN;
      case "int2" -> Scalar.INT16;
      case "int4" -> Scalar.INT32;
      case "int8" -> Scalar.INT64;
      case "float4" -> Scalar.FLOAT32;
      case "float8" -> Scalar.FLOAT64;
      case "text", "varchar", "bpchar", "uuid" -> Scalar.TEXT;
      case "json", "jsonb" -> Scalar.JSON;
      case "bytea" -> Scalar.BYTES;
      case "date" -> Scalar.DATE;
      case "time" -> Scalar.TIME;
      case "timestamp" -> Scalar.TIMESTAMP;
      case "timestamptz" -> Scalar.TIMESTAMP_WITH_ZONE;
      case "numeric" -> numeric(modifier);
      default -> Scalar.OTHER;
    };
  }

  private ColumnType numeric(int modifier) {
    if (modifier < 4 || decimals == DecimalHandling.STRING) {
      return Scalar.NUMBER_TEXT;
    }
    // As numeric_typmod_scale() in PostgreSQL's numeric.c: 11 bits with a sign, after a header of
    // 4.
    return new ColumnType.Decimal((((modifier - 4) & 0x7ff) ^ 1024) - 1024);
  }

  private CatalogueType find(long oid) {
    CatalogueType type = types.get(oid);
    if (type == null) {
      throw new IllegalStateException("The catalogue has no type with the OID " + oid);
    }
    return type;
  }
}
