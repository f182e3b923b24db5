/** How fast sweeps fill orders that wait for stock, and release reservations that are due. */
@NullMarked
package io.orderflow.benchmarks.sweeps;

import org.jspecify.annotations.NullMarked;
