/** Follows what the shop committed on its way to the topic and to the warehouse. */
@NullMarked
package io.orderflow.quickstart.progress;

import org.jspecify.annotations.NullMarked;
