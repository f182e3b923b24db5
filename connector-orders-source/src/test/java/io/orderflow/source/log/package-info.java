@NullMarked
package io.orderflow.source.log;

import org.jspecify.annotations.NullMarked;
