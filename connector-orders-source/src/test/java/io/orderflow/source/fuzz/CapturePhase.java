package io.orderflow.source.fuzz;

/**
 * A capture that runs until another one takes over.
 *
 * @param startIndex the index of the last commit before it began
 */
record CapturePhase(boolean fromLog, int startIndex) {}
