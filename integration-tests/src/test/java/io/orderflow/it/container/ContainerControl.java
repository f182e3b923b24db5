package io.orderflow.it.container;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** What Docker can do to a container that was started before; it stays the same container. */
final class ContainerControl {
  private static final int STOP_SECONDS = 60;

  private final GenericContainer<?> container;
  private final DockerClient docker;

  ContainerControl(GenericContainer<?> container) {
    this.container = container;
    this.docker = container.getDockerClient();
  }

  /**
   * Before the container starts: gives it a port of Docker's machine that outlives a restart, on
   * the address alone at which tests reach that machine: loopback, or its bridge where tests run in
   * a container themselves. Docker would else choose another port each time.
   */
  static void publish(GenericContainer<?> container, int port, int containerPort) {
    container.setPortBindings(
        List.of(String.join(":", address(), Integer.toString(port), containerPort + "/tcp")));
  }

  private static String address() {
    String host = DockerClientFactory.instance().dockerHostIpAddress();
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new UncheckedIOException("Docker's machine has no address: " + host, e);
    }
  }

  void start() {
    if (!isRunning()) {
      docker.startContainerCmd(id()).exec();
    }
  }

  void stop() {
    if (isRunning()) {
      docker.stopContainerCmd(id()).withTimeout(STOP_SECONDS).exec();
    }
  }

  /** Returns once all processes of the container are gone. */
  void killHard() {
    if (isRunning()) {
      docker.killContainerCmd(id()).exec();
    }
  }

  void pause() {
    docker.pauseContainerCmd(id()).exec();
  }

  void resume() {
    docker.unpauseContainerCmd(id()).exec();
  }

  boolean isRunning() {
    return Boolean.TRUE.equals(docker.inspectContainerCmd(id()).exec().getState().getRunning());
  }

  /** Writes what it printed, over all its starts. */
  void writeLog(Path file) {
    try {
      Files.writeString(file, container.getLogs());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + file, e);
    }
  }

  private String id() {
    return container.getContainerId();
  }
}
