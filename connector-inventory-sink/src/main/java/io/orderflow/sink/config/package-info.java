/** The names of the sink's settings, for all packages that mention them. */
@NullMarked
package io.orderflow.sink.config;

import org.jspecify.annotations.NullMarked;
