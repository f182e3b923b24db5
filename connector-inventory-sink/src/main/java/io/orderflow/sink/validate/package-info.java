@NullMarked
package io.orderflow.sink.validate;

import org.jspecify.annotations.NullMarked;
