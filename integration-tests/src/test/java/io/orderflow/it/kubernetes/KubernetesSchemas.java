package io.orderflow.it.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscalerBehavior;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Kubernetes' own kinds, as its official Java client knows them: generated from its OpenAPI. */
final class KubernetesSchemas {
  private interface Check {
    /**
     * @throws IllegalArgumentException naming a field that is unknown, or one that is missing
     */
    void validate(JsonElement json) throws IOException;
  }

  private static final Map<String, Check> KINDS =
      Map.of(
          "apps/v1/Deployment", V1Deployment::validateJsonElement,
          "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "v1/Secret", V1Secret::validateJsonElement,
          "v1/Service", V1Service::validateJsonElement,
          "v1/ServiceAccount", V1ServiceAccount::validateJsonElement);

  private KubernetesSchemas() {}

  /** The errors of a manifest; empty if it is valid. */
  static List<String> faults(Manifest manifest) {
    Check check = KINDS.get(manifest.type());
    if (check == null) {
      throw new IllegalArgumentException("Expected one of " + KINDS.keySet() + ": " + manifest);
    }
    return faults(check, manifest.content());
  }

  /** The same for {@code behavior} of an autoscaler. */
  static List<String> behaviorFaults(JsonNode behavior) {
    return faults(V2HorizontalPodAutoscalerBehavior::validateJsonElement, behavior);
  }

  private static List<String> faults(Check check, JsonNode content) {
    try {
      check.validate(JsonParser.parseString(content.toString()));
      return List.of();
    } catch (IllegalArgumentException | IOException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }
}
