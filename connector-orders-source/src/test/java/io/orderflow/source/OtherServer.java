package io.orderflow.source;

import io.orderflow.source.GoldenData.QueriedValue;
import io.orderflow.source.GoldenData.Step;
import io.orderflow.source.GoldenData.Stored;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;

/**
 * Translates offsets from the server on which they were recorded to this one: transactions and
 * positions in the log become those of the same steps here. Nothing else of the offset changes; the
 * recording names the fields.
 */
final class OtherServer {

  private static final Pattern LSN = Pattern.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}");
  private static final Pattern SNAPSHOT = Pattern.compile("\\d+:\\d+:[\\d,]*");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Lower ones are reserved by PostgreSQL. */
  private static final long FIRST_TRANSACTION = 3;

  private static final Lsn MAX_LSN = new Lsn(-1);

  private static final JsonConverter CONVERTER = converter();

  private final GoldenData recorded;
  private final NavigableMap<Long, Long> transactions = new TreeMap<>();
  private final NavigableMap<Lsn, Lsn> positions = new TreeMap<>();
  private final Map<String, String> ownValues = new HashMap<>();

  OtherServer(GoldenData recorded, ShopHistory here, Shop shop) {
    this.recorded = recorded;
    List<Step> present = here.steps();
    for (int i = 0; i < present.size(); i++) {
      same(recorded.steps().get(i), present.get(i));
    }
    transactions.put(
        Long.MAX_VALUE, Long.valueOf(shop.value("SELECT pg_snapshot_xmax(pg_current_snapshot())")));
    positions.put(MAX_LSN, Lsn.parse(shop.value("SELECT pg_current_wal_lsn()")));
    for (QueriedValue value : recorded.queriedValues()) {
      ownValues.put(value.value(), shop.value(value.sql()));
    }
  }

  private void same(Step then, Step now) {
    if (then.xid() != null && now.xid() != null) {
      transactions.put(Long.valueOf(then.xid()), Long.valueOf(now.xid()));
      positions.put(lsn(then.commit()), lsn(now.commit()));
      positions.put(lsn(then.end()), lsn(now.end()));
    }
  }

  private static Lsn lsn(@Nullable String text) {
    return Lsn.parse(Objects.requireNonNull(text));
  }

  private static JsonConverter converter() {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "false"), false);
    return converter;
  }

  /** Finds offsets as a worker does: by the bytes that its converter makes of a partition. */
  Map<Map<String, ?>, Map<String, ?>> offsets(List<Stored> stored) {
    Map<Map<String, ?>, Map<String, ?>> offsets =
        new TreeMap<>(Comparator.comparing(OtherServer::asStored));
    for (Stored offset : stored) {
      Map<String, Object> here = new LinkedHashMap<>(offset.offset());
      here.replaceAll(this::here);
      offsets.put(offset.partition(), here);
    }
    return offsets;
  }

  /** A partition or an offset as the offsets' topic contains it. */
  static String asStored(Map<String, ?> map) {
    return new String(CONVERTER.fromConnectData("", null, map), StandardCharsets.UTF_8);
  }

  private Object here(String field, Object value) {
    if (recorded.transactionFields().contains(field)) {
      return transaction(((Number) value).longValue());
    }
    if (!(value instanceof String text)) {
      return value;
    }
    if (LSN.matcher(text).matches()) {
      // A position between two commits there becomes one between the same two here.
      return first(positions, Lsn.parse(text)).toString();
    }
    if (SNAPSHOT.matcher(text).matches()) {
      return NUMBER
          .matcher(text)
          .replaceAll(number -> String.valueOf(transaction(Long.parseLong(number.group()))));
    }
    return ownValues.getOrDefault(text, text);
  }

  private long transaction(long then) {
    return then < FIRST_TRANSACTION ? then : first(transactions, then);
  }

  private static <T> T first(NavigableMap<T, T> known, T then) {
    return known.tailMap(then, true).values().iterator().next();
  }
}
