@NullMarked
package io.orderflow.common.database;

import org.jspecify.annotations.NullMarked;
