@NullMarked
package io.orderflow.sink;

import org.jspecify.annotations.NullMarked;
