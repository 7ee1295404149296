package io.dynamokv.operator.api.v1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A store: so many nodes, with so much disk each. */
@Group("dynamokv.io")
@Version("v1")
@ShortNames("dyn")
@AdditionalPrinterColumn(name = "Replicas", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".spec.replicas")
@AdditionalPrinterColumn(
        name = "Ready",
        type = AdditionalPrinterColumn.Type.INTEGER,
        jsonPath = ".status.readyReplicas")
@AdditionalPrinterColumn(name = "Phase", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Epoch", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".status.ring.epoch")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "Image",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.image",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Imbalance",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.ring.imbalance",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Operation",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.operation.step",
        priority = 1)
public class DynamoCluster extends CustomResource<DynamoClusterSpec, DynamoClusterStatus> implements Namespaced {}
