package io.orderflow.stack;

import java.util.List;
import java.util.Map;

/**
 * What a caller asks of a server beyond the stack's own settings.
 *
 * @param jvmOptions such as {@code -Xmx1g}
 * @param properties lines of the server's properties file; they win over the stack's
 */
record ProcessSettings(List<String> jvmOptions, Map<String, String> properties) {
  ProcessSettings {
    jvmOptions = List.copyOf(jvmOptions);
    properties = Map.copyOf(properties);
  }
}
