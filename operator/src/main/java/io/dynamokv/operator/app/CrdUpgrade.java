package io.dynamokv.operator.app;

import io.dynamokv.operator.desired.Names;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Gives the API server the definition that this operator was built with. Helm makes a chart's CRDs and never changes them, so that an upgraded
 * operator would find new fields cut off.
 */
final class CrdUpgrade {
    private static final Logger LOG = Logger.getLogger(CrdUpgrade.class);
    private static final String FILE = "/crds/dynamoclusters.dynamokv.io-v1.yml";

    private CrdUpgrade() {}

    /** An API server that refuses is no reason not to work: what it has may be newer, or a person's decision. */
    static void run(KubernetesClient client) {
        try (InputStream yaml = Objects.requireNonNull(CrdUpgrade.class.getResourceAsStream(FILE), FILE)) {
            CustomResourceDefinition crd = client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .load(yaml)
                    .item();
            CustomResourceDefinition applied = client.resource(crd)
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(Names.OPERATOR)
                            .withForce(true)
                            .build());
            LOG.infof(
                    "CRD %s is this operator's, generation %s",
                    crd.getMetadata().getName(), applied.getMetadata().getGeneration());
        } catch (KubernetesClientException e) {
            LOG.warnf("The CRD stays as it is in the API server: %s", e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
