package io.dynamokv.operator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiWritesTest {
    @ParameterizedTest
    @CsvSource({
        "/api/v1/namespaces/shop/configmaps, configmaps",
        "/api/v1/namespaces/shop/pods/demo-0, pods",
        "/api/v1/nodes/n, nodes",
        "/api/v1/namespaces/shop, namespaces",
        "/apis/apps/v1/namespaces/shop/statefulsets/demo, statefulsets",
        "/apis/dynamokv.io/v1/namespaces/shop/dynamoclusters/demo/status, dynamoclusters",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/dynamoclusters.dynamokv.io, customresourcedefinitions",
        "/version, other"
    })
    void theResourceIsInThePath(String path, String resource) {
        assertEquals(resource, ApiWrites.resource(URI.create("https://10.0.0.1:6443" + path)));
    }
}
