package io.dynamokv.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.bench.client.Reply;
import io.dynamokv.bench.client.StoreClient;
import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.workload.Observation;
import io.dynamokv.bench.workload.ValueFormat;
import io.dynamokv.bench.workload.WriteLedger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and writes checked values and keeps the ledger of the writes. Belongs to the event loop. */
final class KeyAccess {
    static final String NOT_FOUND = "404";

    private static final String WRONG_VALUE = "wrong value";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StoreClient client;
    private final Targets targets;
    private final ValueFormat values;
    private final WriteLedger ledger;

    KeyAccess(StoreClient client, Targets targets, ValueFormat values, WriteLedger ledger) {
        this.client = client;
        this.targets = targets;
        this.values = values;
        this.ledger = ledger;
    }

    void read(Target target, int key, Consumer<ReadOutcome> then) {
        client.get(target, key, reply -> {
            noteRefusal(target, reply);
            then.accept(outcome(key, reply));
        });
    }

    /** Gives the kind of error, or empty after an acknowledgement. */
    void write(Target target, int key, @Nullable String context, Consumer<Optional<String>> then) {
        int sequence = ledger.begin(key);
        client.put(target, key, values.write(key, sequence), context, reply -> {
            noteRefusal(target, reply);
            then.accept(account(key, sequence, reply));
        });
    }

    private void noteRefusal(Target target, Reply reply) {
        if (reply == Reply.Failure.NOT_SENT) {
            targets.refusedConnection(target, System.nanoTime());
        }
    }

    private Optional<String> account(int key, int sequence, Reply reply) {
        return switch (reply) {
            case Reply.Answer answer
            when answer.status() == 200 || answer.status() == 204 -> {
                ledger.acknowledge(key, sequence);
                yield Optional.empty();
            }
            case Reply.Answer answer -> {
                if (answer.status() == 504 || answer.status() == 500) {
                    ledger.leaveOpen(key, sequence);
                }
                yield Optional.of(Integer.toString(answer.status()));
            }
            case Reply.Failure failure -> {
                if (failure != Reply.Failure.NOT_SENT) {
                    ledger.leaveOpen(key, sequence);
                }
                yield Optional.of(failure.label());
            }
        };
    }

    private ReadOutcome outcome(int key, Reply reply) {
        return switch (reply) {
            case Reply.Answer answer
            when answer.status() == 200 -> seen(observe(key, answer.body().getBytes()), answer);
            case Reply.Answer answer when answer.status() == 300 -> seen(observeVersions(key, answer), answer);
            case Reply.Answer answer
            when answer.status() == 404 ->
                new ReadOutcome(
                        new Observation.Absent(),
                        Optional.of(NOT_FOUND),
                        answer.context().orElse(null));
            case Reply.Answer answer -> unreadable(Integer.toString(answer.status()));
            case Reply.Failure failure -> unreadable(failure.label());
        };
    }

    private static ReadOutcome unreadable(String error) {
        return new ReadOutcome(new Observation.Unreadable(), Optional.of(error), null);
    }

    private static ReadOutcome seen(Observation observation, Reply.Answer answer) {
        Optional<String> error =
                observation instanceof Observation.Foreign ? Optional.of(WRONG_VALUE) : Optional.empty();
        return new ReadOutcome(observation, error, answer.context().orElse(null));
    }

    private Observation observe(int key, byte[] value) {
        return values.read(value)
                .filter(stamp -> stamp.key() == key)
                .<Observation>map(stamp -> new Observation.Seen(values.isOurs(stamp) ? stamp.sequence() : 0))
                .orElseGet(Observation.Foreign::new);
    }

    /** The newest of several versions stands for all; one that is no value of the key spoils them. */
    private Observation observeVersions(int key, Reply.Answer answer) {
        List<Observation> versions = new ArrayList<>();
        try {
            for (JsonNode version : JSON.readTree(answer.body().getBytes()).path("versions")) {
                versions.add(observe(key, version.path("value").binaryValue()));
            }
        } catch (IOException e) {
            return new Observation.Foreign();
        }
        int newest = -1;
        for (Observation version : versions) {
            if (!(version instanceof Observation.Seen(int sequence))) {
                return version;
            }
            newest = Math.max(newest, sequence);
        }
        return newest < 0 ? new Observation.Foreign() : new Observation.Seen(newest);
    }
}
