@NullMarked
package io.orderflow.sink.update;

import org.jspecify.annotations.NullMarked;
