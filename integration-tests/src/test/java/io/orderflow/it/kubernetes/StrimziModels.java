package io.orderflow.it.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.strimzi.api.kafka.model.connect.KafkaConnect;
import io.strimzi.api.kafka.model.connector.KafkaConnector;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.List;
import java.util.Map;

/**
 * Strimzi's resources as its API classes have them, of which its definitions are made. The classes
 * keep unknown fields; here they refuse them, as the definitions do. They do not have missing
 * fields: see {@link StrimziSchemas}.
 */
final class StrimziModels {
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "kafka.strimzi.io/v1/KafkaConnect", KafkaConnect.class,
          "kafka.strimzi.io/v1/KafkaConnector", KafkaConnector.class,
          "kafka.strimzi.io/v1/KafkaUser", KafkaUser.class);

  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new NothingUnknown())
          .build();

  private StrimziModels() {}

  private static final class NothingUnknown extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }

  static boolean know(Manifest manifest) {
    return KINDS.containsKey(manifest.type());
  }

  /** The errors of a manifest; empty if it is valid. */
  static List<String> faults(Manifest manifest) {
    try {
      Object unused = STRICT.convertValue(manifest.content(), KINDS.get(manifest.type()));
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }
}
