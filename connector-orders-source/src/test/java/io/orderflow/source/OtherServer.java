package io.orderflow.source;

import io.orderflow.source.ReleasedSituation.LookedUp;
import io.orderflow.source.ReleasedSituation.Step;
import io.orderflow.source.ReleasedSituation.Stored;
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
 * Says of this server what an offset says of the server that it was recorded on: its transactions
 * and places in the log are those of the same steps here. Nothing else of the offset is touched,
 * and names of fields are told by the recording.
 */
final class OtherServer {

  private static final Pattern LSN = Pattern.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}");
  private static final Pattern SNAPSHOT = Pattern.compile("\\d+:\\d+:[\\d,]*");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Lower ones are those that PostgreSQL keeps for itself. */
  private static final long FIRST_TRANSACTION = 3;

  private static final JsonConverter CONVERTER = converter();

  private final ReleasedSituation recorded;
  private final NavigableMap<Long, Long> transactions = new TreeMap<>();
  private final NavigableMap<Long, Long> places = new TreeMap<>();
  private final Map<String, String> lookedUp = new HashMap<>();

  OtherServer(ReleasedSituation recorded, ShopHistory here, Shop shop) {
    this.recorded = recorded;
    List<Step> present = here.steps();
    for (int i = 0; i < present.size(); i++) {
      same(recorded.steps().get(i), present.get(i));
    }
    transactions.put(
        Long.MAX_VALUE, Long.valueOf(shop.value("SELECT pg_snapshot_xmax(pg_current_snapshot())")));
    places.put(Long.MAX_VALUE, Lsn.parse(shop.value("SELECT pg_current_wal_lsn()")));
    for (LookedUp value : recorded.lookedUp()) {
      lookedUp.put(value.value(), shop.value(value.sql()));
    }
  }

  private void same(Step then, Step now) {
    if (then.xid() != null && now.xid() != null) {
      transactions.put(Long.valueOf(then.xid()), Long.valueOf(now.xid()));
      places.put(lsn(then.commit()), lsn(now.commit()));
      places.put(lsn(then.end()), lsn(now.end()));
    }
  }

  private static long lsn(@Nullable String text) {
    return Lsn.parse(Objects.requireNonNull(text));
  }

  private static JsonConverter converter() {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "false"), false);
    return converter;
  }

  /** As a worker would find them: by the bytes that its converter makes of a partition. */
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

  /** The form that the offsets' topic has of a partition or an offset. */
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
      // What lies between two commits here lies between the same two there.
      return Lsn.format(first(places, Lsn.parse(text)));
    }
    if (SNAPSHOT.matcher(text).matches()) {
      return NUMBER
          .matcher(text)
          .replaceAll(number -> String.valueOf(transaction(Long.parseLong(number.group()))));
    }
    return lookedUp.getOrDefault(text, text);
  }

  private long transaction(long then) {
    return then < FIRST_TRANSACTION ? then : first(transactions, then);
  }

  private static long first(NavigableMap<Long, Long> known, long then) {
    return known.tailMap(then, true).values().iterator().next();
  }
}
