/** How fast orders get stock that they wait for. */
@NullMarked
package io.orderflow.benchmarks.backorders;

import org.jspecify.annotations.NullMarked;
