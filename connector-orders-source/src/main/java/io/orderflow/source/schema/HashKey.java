package io.orderflow.source.schema;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret key of hashed columns; {@code toString} does not show it. */
public final class HashKey {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /** Takes the UTF-8 bytes of a text that is not empty. */
  public HashKey(String text) {
    key = new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /** Creates an HMAC-SHA-256 (RFC 2104) with this key, for one thread. */
  public Mac mac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "[hidden]";
  }
}
