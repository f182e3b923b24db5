/** What the demo shows while it runs, and at its end. */
@NullMarked
package io.orderflow.quickstart.view;

import org.jspecify.annotations.NullMarked;
