@NullMarked
package io.orderflow.source.schema;

import org.jspecify.annotations.NullMarked;
