@NullMarked
package io.dynamokv.local.kube.http;

import org.jspecify.annotations.NullMarked;
