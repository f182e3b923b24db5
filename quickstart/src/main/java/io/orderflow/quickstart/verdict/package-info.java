/** Compares the shop, the topics and the warehouse once all is at rest. */
@NullMarked
package io.orderflow.quickstart.verdict;

import org.jspecify.annotations.NullMarked;
