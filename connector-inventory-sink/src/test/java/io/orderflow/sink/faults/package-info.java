@NullMarked
package io.orderflow.sink.faults;

import org.jspecify.annotations.NullMarked;
