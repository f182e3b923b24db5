@NullMarked
package io.orderflow.sink.preflight;

import org.jspecify.annotations.NullMarked;
