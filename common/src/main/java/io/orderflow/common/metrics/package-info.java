/** What tasks count and measure, and where it is shown. */
@NullMarked
package io.orderflow.common.metrics;

import org.jspecify.annotations.NullMarked;
