@NullMarked
package io.orderflow.sink.record;

import org.jspecify.annotations.NullMarked;
