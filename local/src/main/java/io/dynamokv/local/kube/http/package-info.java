/** The API over HTTP as kubectl, Helm and Fabric8 speak it: paths, bodies, discovery, tables and watches. */
@NullMarked
package io.dynamokv.local.kube.http;

import org.jspecify.annotations.NullMarked;
