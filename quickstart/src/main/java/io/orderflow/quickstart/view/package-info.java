/** The display of the demo, on a terminal or as lines. */
@NullMarked
package io.orderflow.quickstart.view;

import org.jspecify.annotations.NullMarked;
