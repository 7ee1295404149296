package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.node.port.Answer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A defect shows in the log with all that is needed to find the request at its client, and costs no other one its answer. */
@Timeout(20)
class DefectiveRequestTest {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger log = Logger.getLogger(RunningRequest.class.getName());
    private final Handler reader = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage() + Arrays.toString(line.getParameters()));
        }

        @Override
        public void flush() {
            // each line is there at once
        }

        @Override
        public void close() {
            // it holds nothing
        }
    };

    private final NodeOnOneLoop node = NodeOnOneLoop.of(1, 1).serve();
    private final Key key = node.keyWhere(true);

    @BeforeEach
    void readTheLog() {
        log.addHandler(reader);
    }

    @AfterEach
    void stop() {
        log.removeHandler(reader);
        node.close();
    }

    @Test
    void itsKindPartitionAndRequestIdAreLoggedAndTheShardGoesOn() throws Exception {
        ClientRequest.Put defective = NodeOnOneLoop.put(key, "milk");

        node.storageNode.execute(defective, 100, answer -> {
            throw new IllegalStateException("a defect");
        });

        String line = lines.take();
        assertTrue(line.contains("PUT with request id " + defective.content().requestId()), line);
        assertTrue(line.contains("in partition"), line);
        assertTrue(line.contains(Integer.toString(node.partitionOf(key).number())), line);
        assertInstanceOf(Answer.Done.class, NodeOnOneLoop.get(node.execute(NodeOnOneLoop.put(key, "eggs"))));
        assertEquals(0, node.storageNode.underWayRequests(), "what it was admitted for");
    }
}
