package io.orderflow.it.container;

import com.github.dockerjava.api.DockerClient;
import io.orderflow.stack.ControlledServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** A server in a container, which stays the same container from one start to the next. */
abstract class ServerInContainer implements ControlledServer {
  private static final int STOP_SECONDS = 60;

  private final GenericContainer<?> container;
  private final DockerClient docker;

  ServerInContainer(GenericContainer<?> container) {
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

  /** Returns once the server answers. */
  abstract void awaitReady();

  @Override
  public void start() {
    if (!isRunning()) {
      docker.startContainerCmd(id()).exec();
    }
    awaitReady();
  }

  @Override
  public void stop() {
    if (isRunning()) {
      docker.stopContainerCmd(id()).withTimeout(STOP_SECONDS).exec();
    }
  }

  @Override
  public void killHard() {
    if (isRunning()) {
      docker.killContainerCmd(id()).exec();
    }
  }

  @Override
  public void pause() {
    docker.pauseContainerCmd(id()).exec();
  }

  @Override
  public void resume() {
    docker.unpauseContainerCmd(id()).exec();
  }

  @Override
  public boolean isRunning() {
    return Boolean.TRUE.equals(docker.inspectContainerCmd(id()).exec().getState().getRunning());
  }

  /** Writes the output of a container, over all its starts. */
  static void writeLog(GenericContainer<?> container, Path file) {
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
