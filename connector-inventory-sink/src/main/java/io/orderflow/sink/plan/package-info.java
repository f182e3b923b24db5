@NullMarked
package io.orderflow.sink.plan;

import org.jspecify.annotations.NullMarked;
