package io.dynamokv.operator.plan;

import io.dynamokv.core.ring.ClusterMap;
import java.util.List;

/** The one thing that a pass does. */
public sealed interface ClusterStep {
    /** In one word, for events and metrics. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** For a person. */
    String explain();

    record Paused() implements ClusterStep {
        @Override
        public String explain() {
            return "spec.paused is true: nothing is changed";
        }
    }

    record ApplyObjects(List<String> what) implements ClusterStep {
        @Override
        public String explain() {
            return "Applying " + String.join(", ", what);
        }
    }

    /** Rule M4. */
    record StoreFirstMap(ClusterMap map) implements ClusterStep {
        @Override
        public String explain() {
            return "Storing the first map of cluster " + map.clusterId() + " with "
                    + map.members().size() + " members";
        }
    }

    /**
     * Rule M3: a pod's node has a newer map than is stored.
     *
     * @param raiseTerm nothing was stored any more
     */
    record AdoptMap(PodView from, boolean raiseTerm) implements ClusterStep {
        @Override
        public String explain() {
            return "Adopting the map of " + from.name() + (raiseTerm ? " with a raised term" : "");
        }
    }

    record StoreNextMap(ClusterMap map, String why) implements ClusterStep {
        @Override
        public String explain() {
            return "Storing epoch " + map.epoch() + ": " + why;
        }
    }

    record Join(List<PodView> pods) implements ClusterStep {
        @Override
        public String explain() {
            return "Joining " + names(pods);
        }
    }

    record PublishMap(List<PodView> pods) implements ClusterStep {
        @Override
        public String explain() {
            return "Publishing the map to " + names(pods);
        }
    }

    /** @param gated only if every member says that it is safe */
    record DeletePod(PodView pod, String why, boolean gated) implements ClusterStep {
        @Override
        public String explain() {
            return "Deleting pod " + pod.name() + ": " + why;
        }
    }

    record GrowClaims(List<String> claims) implements ClusterStep {
        @Override
        public String explain() {
            return "Growing " + String.join(", ", claims);
        }
    }

    /** Its claim template cannot be changed: it is deleted without its pods, and made again. */
    record RecreateStatefulSet() implements ClusterStep {
        @Override
        public String explain() {
            return "Making the StatefulSet again around its pods, for volumes of another size";
        }
    }

    record Wait(String reason) implements ClusterStep {
        @Override
        public String explain() {
            return "Waiting: " + reason;
        }
    }

    /**
     * A person must decide.
     *
     * @param condition which one says so in the status
     */
    record Blocked(String condition, String reason) implements ClusterStep {
        @Override
        public String explain() {
            return reason;
        }
    }

    record Steady() implements ClusterStep {
        @Override
        public String explain() {
            return "Everything is as it should be";
        }
    }

    private static String names(List<PodView> pods) {
        return String.join(", ", pods.stream().map(PodView::name).toList());
    }
}
