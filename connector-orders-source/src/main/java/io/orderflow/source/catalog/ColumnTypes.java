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
import java.util.Set;

/** The types of some tables' columns, with the base types of domains and arrays. */
final class ColumnTypes {

  /**
   * A row of {@code pg_type}.
   *
   * @param parts OIDs of the types in it: of a domain, an array, a composite type or a range
   */
  private record CatalogType(
      String name,
      boolean builtIn,
      char kind,
      char category,
      long base,
      int baseMod,
      long element,
      char delimiter,
      List<Long> parts) {}

  /** Built-in types whose texts contain names of objects or follow the session's currency. */
  private static final Set<String> VOLATILE =
      Set.of(
          "money",
          "aclitem",
          "regclass",
          "regcollation",
          "regconfig",
          "regdatabase",
          "regdictionary",
          "regnamespace",
          "regoper",
          "regoperator",
          "regproc",
          "regprocedure",
          "regrole",
          "regtype");

  private static final String TYPES =
      """
      WITH RECURSIVE used (oid) AS (
        SELECT atttypid FROM pg_catalog.pg_attribute
        WHERE attrelid = ANY (?) AND attnum > 0 AND NOT attisdropped
        UNION
        SELECT part.oid
        FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid CROSS JOIN LATERAL (PARTS) AS part (oid)
        WHERE part.oid <> 0
      )
      SELECT t.oid, t.typname, t.typnamespace = 'pg_catalog'::regnamespace, t.typtype, t.typcategory,
             t.typbasetype, t.typtypmod, t.typelem, t.typdelim,
             ARRAY(SELECT part.oid::bigint FROM (PARTS) AS part (oid) WHERE part.oid <> 0)
      FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid
      """
          .replace(
              "PARTS",
              """
              SELECT t.typbasetype UNION SELECT t.typelem
              UNION SELECT rngsubtype FROM pg_catalog.pg_range WHERE t.oid IN (rngtypid, rngmultitypid)
              UNION SELECT atttypid FROM pg_catalog.pg_attribute
              WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped
              """);

  private final Map<Long, CatalogType> types;
  private final DecimalHandling decimals;

  private ColumnTypes(Map<Long, CatalogType> types, DecimalHandling decimals) {
    this.types = types;
    this.decimals = decimals;
  }

  static ColumnTypes readTypes(Connection connection, List<Long> tables, DecimalHandling decimals)
      throws SQLException {
    Map<Long, CatalogType> types = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(TYPES)) {
      Array oids = connection.createArrayOf("oid", tables.toArray());
      statement.setArray(1, oids);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          types.put(
              row.getLong(1),
              new CatalogType(
                  row.getString(2),
                  row.getBoolean(3),
                  row.getString(4).charAt(0),
                  row.getString(5).charAt(0),
                  row.getLong(6),
                  row.getInt(7),
                  row.getLong(8),
                  row.getString(9).charAt(0),
                  List.of((Long[]) row.getArray(10).getArray())));
        }
      }
    }
    return new ColumnTypes(types, decimals);
  }

  /** The name of a type; of its base type if it is a domain. */
  String nameOf(long oid) {
    CatalogType type = find(oid);
    return type.kind() == 'd' ? nameOf(type.base()) : type.name();
  }

  /** The type that the values of a column have in events. */
  ColumnType typeOf(long oid, int modifier) {
    CatalogType type = find(oid);
    if (type.kind() == 'd') {
      return typeOf(type.base(), type.baseMod());
    }
    if (type.kind() == 'e') {
      return Scalar.TEXT;
    }
    // oidvector and int2vector count as arrays, but have another text form.
    if (type.category() == 'A' && type.element() != 0 && !type.name().endsWith("vector")) {
      return new ColumnType.Array(
          typeOf(type.element(), modifier), find(type.element()).delimiter());
    }
    if (isVolatile(type)) {
      return Scalar.VOLATILE_TEXT;
    }
    return type.builtIn() ? builtIn(type.name(), modifier) : Scalar.OTHER;
  }

  private boolean isVolatile(CatalogType type) {
    return (type.builtIn() && VOLATILE.contains(type.name()))
        || type.parts().stream().map(this::find).anyMatch(this::isVolatile);
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
    // As numeric_typmod_scale() in numeric.c: 11 bits with a sign, after a header of 4 bytes.
    return new ColumnType.Decimal((((modifier - 4) & 0x7ff) ^ 1024) - 1024);
  }

  private CatalogType find(long oid) {
    CatalogType type = types.get(oid);
    if (type == null) {
      throw new IllegalStateException("The catalog has no type with the OID " + oid);
    }
    return type;
  }
}
