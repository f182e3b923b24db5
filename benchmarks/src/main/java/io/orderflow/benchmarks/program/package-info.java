/**
 * Programs without Connect, in a process of their own: the limit of what a sink can reach. They
 * assume good records and first versions of orders.
 */
@NullMarked
package io.orderflow.benchmarks.program;

import org.jspecify.annotations.NullMarked;
