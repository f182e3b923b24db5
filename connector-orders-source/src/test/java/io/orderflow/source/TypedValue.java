package io.orderflow.source;

import java.util.List;
import java.util.stream.Stream;

/**
 * A value of a type, as SQL.
 *
 * @param value a literal without its quotes
 */
record TypedValue(String type, String value) {

  private static final List<TypedValue> ALL =
      Stream.of(numbers(), texts(), times(), others(), arrays()).flatMap(s -> s).toList();

  static List<TypedValue> all() {
    return ALL;
  }

  /** What the tables of these values need. */
  static final String TYPES =
      """
      CREATE TYPE mood AS ENUM ('calm', 'busy "now"');
      CREATE DOMAIN price AS numeric(12,3);
      CREATE DOMAIN prices AS numeric(12,3)[];
      CREATE TYPE pair AS (a integer, b text, c timestamptz);
      """;

  private static Stream<TypedValue> of(String type, String... values) {
    return Stream.of(values).map(value -> new TypedValue(type, value));
  }

  private static Stream<TypedValue> numbers() {
    return Stream.of(
            of("boolean", "true", "false"),
            of("smallint", "-32768", "0", "32767"),
            of("integer", "-2147483648", "2147483647"),
            of("bigint", "-9223372036854775808", "9223372036854775807"),
            of("real", "1.5", "0.1", "-0", "1e-45", "3.4028235e38", "NaN", "Infinity", "-Infinity"),
            of("double precision", "0.1", "-0", "5e-324", "1.7976931348623157e308", "1e21"),
            of("double precision", "NaN", "Infinity", "-Infinity"),
            of("numeric", "0", "-1.50", "1e-30", "1e50", "NaN", "Infinity", "-Infinity"),
            of("numeric", "1234567890.12345678901234567890"),
            of("numeric(10,2)", "0", "-12.5", "99999999.99"),
            of("numeric(12,8)", "0", "0.00000001"),
            // Scales below 0 are of PostgreSQL 15 and later.
            Postgres.majorVersion() < 15 ? of("") : of("numeric(8,-2)", "1234", "0"),
            of("price", "1.5"))
        .flatMap(s -> s);
  }

  private static Stream<TypedValue> texts() {
    return Stream.of(
            of("text", "", "NULL", "null", "Ä😀", "a\tb\nc", "\\x41", "'' \" \\ {},", " "),
            of("varchar(20)", "", "varchar "),
            of("char(4)", "ab", ""),
            of("mood", "calm", "busy \"now\""),
            of("uuid", "123E4567-e89b-12d3-a456-426614174000"),
            of("json", "{\"a\" : [1,  2]}", "null"),
            of("jsonb", "{\"b\":1.0,\"a\":\"\\u00e9\"}", "null"),
            of("bytea", "", "\\x00ff275c7f20", "\\x" + "0a".repeat(300)))
        .flatMap(s -> s);
  }

  private static Stream<TypedValue> times() {
    return Stream.of(
            of("date", "2026-11-22", "1970-01-01", "0001-01-01", "1582-10-10", "0044-03-15 BC"),
            of("date", "4713-01-01 BC", "12345-06-07", "5874897-12-31"),
            of("date", "0001-02-29 BC", "infinity", "-infinity"),
            of("time", "00:00:00", "10:11:12.345678", "23:59:59.9999", "24:00:00"),
            of("timestamp", "2026-11-22 10:11:12.345678", "1969-12-31 23:59:59.9999"),
            of("timestamp", "1582-10-10 00:00:00", "0044-03-15 10:00:00.5 BC"),
            of("timestamp", "12345-06-07 08:09:10", "294276-12-31 23:59:59.999", "4713-01-01 BC"),
            of("timestamp", "0001-02-29 10:11:12.345 BC", "infinity", "-infinity"),
            of("timestamptz", "2026-11-22 10:11:12.345678+05:30", "1900-01-01 00:00:00-00:19:32"),
            of("timestamptz", "0044-03-15 10:00:00.5+00 BC", "12345-06-07 08:09:10+00"),
            of("timestamptz", "0005-02-29 10:11:12+02 BC", "0001-02-28 23:00:00-02 BC"),
            of("timestamptz", "294276-12-31 23:59:59.999+00", "infinity", "-infinity"))
        .flatMap(s -> s);
  }

  private static Stream<TypedValue> others() {
    return Stream.of(
            of("money", "12.5", "-1234567.89"),
            of("interval", "1 year 2 days 03:04:05.6", "-1 day", "00:00:00", "1 mon -1 day"),
            of("timetz", "10:00:00.5+02", "24:00:00-05:30"),
            of("point", "(1,2)", "(0.1,-1e300)"),
            of("box", "((1,2),(0.5,0))"),
            of("circle", "<(1,2),3>"),
            of("polygon", "((0,0),(1,1),(2,0))"),
            of("path", "[(0,0),(1,1)]"),
            of("int4range", "[1,5)", "empty"),
            of("numrange", "(,1.50]"),
            of("daterange", "[2026-11-22,infinity)"),
            of("tsrange", "[\"2026-11-22 10:00\",)"),
            of("tstzrange", "[\"2026-11-22 10:00:00+02\",)"),
            of("int4multirange", "{[1,5),[7,8)}"),
            of("inet", "192.168.0.1/24", "::1"),
            of("cidr", "10.0.0.0/8"),
            of("macaddr", "08:00:2b:01:02:03"),
            of("bit(3)", "101"),
            of("varbit", "1", ""),
            of("xml", "<a b=\"1\"/>"),
            of("tsvector", "fat:2 cat:3"),
            of("tsquery", "fat & cat"),
            of("pg_lsn", "A/BC"),
            of("xid8", "18446744073709551615"),
            of("oid", "4294967295"),
            of("name", "orders"),
            of("\"char\"", "a"),
            of("regclass", "pg_class"),
            of("int2vector", "1 2"),
            of("pair", "(1,\"a,b\",\"2026-11-22 10:00:00+02\")", "(,,)"))
        .flatMap(s -> s);
  }

  private static Stream<TypedValue> arrays() {
    return Stream.of(
            of("boolean[]", "{t,NULL,f}", "{}"),
            of("smallint[]", "{-1,NULL}"),
            of("integer[]", "{{1,2},{3,NULL}}", "[0:1]={1,2}", "{{{1},{2}},{{3},{4}}}", "{}"),
            of("bigint[]", "{9223372036854775807}"),
            of("real[]", "{1.5,NaN,NULL}"),
            of("double precision[]", "{0.1,-Infinity}"),
            of("numeric[]", "{1.50,NaN,NULL}"),
            of("numeric(10,2)[]", "{1.5,NULL}"),
            of("price[]", "{1.5,NULL}"),
            of("prices", "{1.5,NULL}"),
            of("text[]", "{a,NULL,\"NULL\",\"\",\"c d\",\"q\\\"\\\\,{}\",Ä😀}", "{{a,b},{c,d}}"),
            of("varchar(5)[]", "{null1,\" \"}"),
            of("mood[]", "{calm,\"busy \\\"now\\\"\"}"),
            of("uuid[]", "{123e4567-e89b-12d3-a456-426614174000,NULL}"),
            of("json[]", "{\"{\\\"a\\\": 1}\",NULL}"),
            of("jsonb[]", "{\"{\\\"a\\\": [1, 2]}\"}"),
            of("bytea[]", "{\"\\\\x00ff\",NULL,\"\\\\x\"}"),
            of("date[]", "{2026-11-22,infinity,\"0044-03-15 BC\",\"0001-02-29 BC\",NULL}"),
            of("time[]", "{10:11:12.345678,24:00:00}"),
            of("timestamp[]", "{\"2026-11-22 10:11:12.345678\",-infinity}"),
            of("timestamptz[]", "{\"2026-11-22 10:11:12+02\",infinity,NULL}"),
            of("interval[]", "{\"1 day\",NULL}"),
            of("point[]", "{\"(1,2)\"}"),
            of("box[]", "{(1,1),(0,0);(2.5,2),(0,0)}"),
            of("int4range[]", "{\"[1,5)\"}"),
            of("inet[]", "{192.168.0.1}"),
            of("pair[]", "{\"(1,a,)\",NULL}"))
        .flatMap(s -> s);
  }
}
