package io.orderflow.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

  @Test
  void eachSettingIsARowOfItsGroup() {
    // Given
    ConfigDef definition =
        new ConfigDef()
            .define(
                "a.b",
                ConfigDef.Type.INT,
                3,
                ConfigDef.Range.atLeast(1),
                ConfigDef.Importance.HIGH,
                "Either|or.",
                "First",
                1,
                ConfigDef.Width.SHORT,
                "a.b")
            .define(
                "c",
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigDef.Importance.HIGH,
                "Needed.",
                "Second",
                1,
                ConfigDef.Width.SHORT,
                "c");

    // When
    String page = ConfigReference.markdown("Title", "Words.", definition);

    // Then
    assertEquals(
        """
        <!-- Generated from the code; a test fails if this page is out of date. -->

        # Title

        Words.

        ## First

        | setting | type | default | valid values | description |
        |---|---|---|---|---|
        | `a.b` | int | `3` | [1,...] | Either\\|or. |

        ## Second

        | setting | type | default | valid values | description |
        |---|---|---|---|---|
        | `c` | string | **required** |  | Needed. |
        """,
        page);
  }
}
