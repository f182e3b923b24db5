package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * The value of a record, or one of its items: a struct or a schemaless map, read by field name.
 * Every failure is a {@link BadRecordException} with the path of the field; paths are put together
 * only then, since good records are many.
 */
final class Row {

  private static final int WHOLE_VALUE = -1;

  private final SinkRecord record;
  private final @Nullable Struct struct;
  private final @Nullable Map<?, ?> map;
  private final String list;
  private final int index;

  private Row(SinkRecord record, Object content, String list, int index) {
    this.record = record;
    this.struct = content instanceof Struct s ? s : null;
    this.map = content instanceof Map<?, ?> m ? m : null;
    this.list = list;
    this.index = index;
    if (struct == null && map == null) {
      throw new Mismatch(
              "a struct or a map",
              Found.kindOf(content),
              "Set value.converter to the converter that the topic was written with.")
          .at(Coordinates.of(record), index == WHOLE_VALUE ? "value" : list + "[" + index + "]");
    }
  }

  static Row ofValue(SinkRecord record) {
    return new Row(record, record.value(), "", WHOLE_VALUE);
  }

  /** Null where there is no such field, or null in it. */
  @Nullable Object find(String name) {
    if (struct != null) {
      Field field = struct.schema().field(name);
      return field == null ? null : struct.get(field);
    }
    return map == null ? null : map.get(name);
  }

  boolean has(String name) {
    if (struct != null) {
      return struct.schema().field(name) != null;
    }
    return map != null && map.containsKey(name);
  }

  Object required(String name, String expected) {
    Object content = find(name);
    if (content == null) {
      throw missing(name, expected);
    }
    return content;
  }

  List<?> items(String name) {
    Object content = required(name, "an array of items");
    if (content instanceof List<?> items) {
      return items;
    }
    throw bad(
        name,
        new Mismatch(
            "an array of items",
            Found.kindOf(content),
            "Send the items as an array of structs or maps."));
  }

  Row item(String name, int position, @Nullable Object content) {
    if (content == null) {
      throw bad(
          name + "[" + position + "]",
          new Mismatch("a struct or a map", "null", "Leave out what is no item."));
    }
    return new Row(record, content, name, position);
  }

  long version(String name) {
    String expected = "a version of 0 or more";
    long version = whole(name, expected);
    if (version < 0) {
      throw bad(name, new Mismatch(expected, "a negative number", "Let versions grow from 0."));
    }
    return version;
  }

  long quantity(String name) {
    String expected = "a quantity of 1 or more";
    long quantity = whole(name, expected);
    if (quantity <= 0) {
      throw bad(
          name,
          new Mismatch(
              expected,
              quantity == 0 ? "0" : "a negative number",
              "Leave the item out, or let the intent say that goods go the other way."));
    }
    return quantity;
  }

  private long whole(String name, String expected) {
    try {
      return WholeNumber.of(required(name, expected), expected);
    } catch (Mismatch mismatch) {
      throw bad(name, mismatch);
    }
  }

  String notEmpty(String name, String expected) {
    try {
      return Text.notEmpty(required(name, expected), expected);
    } catch (Mismatch mismatch) {
      throw bad(name, mismatch);
    }
  }

  String identifier(String name, String expected) {
    try {
      return Text.identifier(required(name, expected), expected);
    } catch (Mismatch mismatch) {
      throw bad(name, mismatch);
    }
  }

  @Nullable String text(String name) {
    try {
      Object content = find(name);
      return content == null ? null : Text.of(content, "text");
    } catch (Mismatch mismatch) {
      throw bad(name, mismatch);
    }
  }

  @Nullable String reference(String name) {
    try {
      Object content = find(name);
      return content == null ? null : Text.identifier(content, "a reference");
    } catch (Mismatch mismatch) {
      throw bad(name, mismatch);
    }
  }

  @Nullable String currency(String name) {
    try {
      Object content = find(name);
      return content == null ? null : Text.currency(content);
    } catch (Mismatch mismatch) {
      throw bad(name, mismatch);
    }
  }

  @Nullable BigDecimal amount(String name) {
    try {
      Object content = find(name);
      return content == null ? null : Amount.of(content);
    } catch (Mismatch mismatch) {
      throw bad(name, mismatch);
    }
  }

  BadRecordException bad(String name, Mismatch mismatch) {
    String path = index == WHOLE_VALUE ? name : list + "[" + index + "]." + name;
    return mismatch.at(Coordinates.of(record), path);
  }

  BadRecordException missing(String name, String expected) {
    Mismatch envelope = index == WHOLE_VALUE ? Envelope.around(this) : null;
    if (envelope != null) {
      return bad("value", envelope);
    }
    return bad(
        name,
        new Mismatch(
            expected,
            has(name) ? "null" : "no such field",
            "Fill it in, or set the name of the field in the connector's configuration."));
  }
}
