@NullMarked
package io.orderflow.sink.warehouse;

import org.jspecify.annotations.NullMarked;
