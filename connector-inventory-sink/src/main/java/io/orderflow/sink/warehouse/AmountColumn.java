package io.orderflow.sink.warehouse;

import java.math.BigDecimal;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * A column of amounts, as it is in the present transaction. PostgreSQL rounds what is written to
 * the decimals of the column, without an error, and people change columns while tasks run. A
 * transaction that has read a table keeps others from changing its columns until it ends.
 *
 * @param name for messages
 * @param decimals that the column keeps; negative if it rounds to tens or more, and the largest
 *     number if it keeps all
 * @param isExact whether the type is {@code numeric}, with or without a scale
 */
record AmountColumn(String name, int decimals, boolean isExact) {

  /** SQLSTATE numeric_value_out_of_range, of a value that the column cannot hold. */
  private static final String OUT_OF_RANGE = "22003";

  /** The scale has 11 bits and is signed since PostgreSQL 15; the driver takes it as unsigned. */
  private static final int SCALES = 1 << 11;

  /**
   * Describes a column of a query's result. This needs no query of its own.
   *
   * @param position from 1
   */
  static AmountColumn of(ResultSetMetaData result, int position, String name) throws SQLException {
    boolean isNumeric = result.getColumnType(position) == Types.NUMERIC;
    if (!isNumeric || result.getPrecision(position) == 0) {
      return new AmountColumn(name, Integer.MAX_VALUE, isNumeric);
    }
    int scale = result.getScale(position) % SCALES;
    return new AmountColumn(name, scale < SCALES / 2 ? scale : scale - SCALES, true);
  }

  /**
   * Requires the column to hold an amount as it is.
   *
   * @throws SQLDataException if the amount would be rounded
   */
  void require(@Nullable BigDecimal amount) throws SQLDataException {
    if (amount == null) {
      return;
    }
    if (!isExact) {
      throw new SQLDataException(
          "column %s is of a type that rounds amounts; change it to numeric".formatted(name),
          OUT_OF_RANGE);
    }
    if (amount.signum() != 0
        && amount.scale() > decimals
        && amount.stripTrailingZeros().scale() > decimals) {
      throw new SQLDataException(
          "column %s %s; change the column to numeric".formatted(name, rounding()), OUT_OF_RANGE);
    }
  }

  private String rounding() {
    return decimals < 0
        ? "keeps multiples of %s and would round an amount that is none"
            .formatted(BigDecimal.ONE.scaleByPowerOfTen(-decimals).toPlainString())
        : "keeps %d decimals and would round an amount that has more".formatted(decimals);
  }
}
