package io.orderflow.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to whichever worker answers, again and again while the cluster rebalances or no
 * worker can be reached. A request whose answer was lost is sent again, too: a caller that creates
 * something may get the answer that it exists already.
 */
final class RestTransport {
  private static final Duration RETRY_FOR = Duration.ofSeconds(150);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Supplier<List<URI>> workers;

  RestTransport(Supplier<List<URI>> workers) {
    this.workers = workers;
  }

  /**
   * @param path from the root, without the first slash
   * @return the body of an answer with a status below 300; empty if it has none
   * @throws RestFailure for any other answer
   * @throws StackException if no worker answers in time
   */
  String send(String method, String path, @Nullable String json) {
    return Polling.until(
            method + " /" + path + " is answered",
            RETRY_FOR,
            () -> attempt(method, path, json),
            attempt -> attempt.failure().isEmpty())
        .body();
  }

  private record Attempt(String body, String failure) {}

  private Attempt attempt(String method, String path, @Nullable String json)
      throws InterruptedException {
    String failure = "no worker is known";
    for (URI worker : workers.get()) {
      try {
        return new Attempt(sendTo(worker, method, path, json), "");
      } catch (IOException e) {
        failure = worker + ": " + e;
      } catch (RestFailure e) {
        if (!e.isTemporary()) {
          throw e;
        }
        failure = e.toString();
      }
    }
    return new Attempt("", failure);
  }

  private static String sendTo(URI worker, String method, String path, @Nullable String json)
      throws IOException, InterruptedException {
    URI uri = worker.resolve("/" + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWER_WITHIN)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new RestFailure(method + ' ' + uri, response.statusCode(), response.body());
    }
    return response.body();
  }
}
