@NullMarked
package io.orderflow.sink.apply;

import org.jspecify.annotations.NullMarked;
