@NullMarked
package io.orderflow.source.catalog;

import org.jspecify.annotations.NullMarked;
