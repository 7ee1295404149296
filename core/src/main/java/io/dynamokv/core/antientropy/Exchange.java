package io.dynamokv.core.antientropy;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange between this owner of a partition and another one, steered from here. 1. Roots are compared; equal ones end it, after one pair of messages. 2. Of
 * leaves that differ the keys are compared, unless one side's leaf is empty: then the other's records are moved at once, whole runs of leaves at a time. 3. What
 * the peer has otherwise is fetched and joined here, and what is then held here and not there goes back. Writes may go on meanwhile.
 */
public final class Exchange {
    /** A question under way and what to do with its answer. */
    private record Question(Side side, Consumer<ExchangeReply> then) {}

    private final LeafTable own;
    private final ExchangeLimits limits;
    private final ExchangeCounter counter = new ExchangeCounter();
    private final Map<Long, Question> underWay = new LinkedHashMap<>();
    /** What is yet to be begun. Moving goes before comparing, so that what was found to differ does not pile up. */
    private final ArrayDeque<Runnable> toDo = new ArrayDeque<>();

    private List<ExchangeEffect> effects = new ArrayList<>();
    private long questions;
    private boolean paused;
    private boolean done;

    /** @param own this replica's tree, which may change while the exchange goes on */
    public Exchange(LeafTable own, ExchangeLimits limits) {
        this.own = own;
        this.limits = limits;
    }

    public List<ExchangeEffect> start() {
        toDo.add(() -> ask(Side.PEER, new ExchangeRequest.Compare(own.root()), this::compared));
        return goOn();
    }

    public List<ExchangeEffect> on(ExchangeEvent event) {
        if (done) {
            return List.of();
        }
        switch (event) {
            case ExchangeEvent.Answered(long number, ExchangeReply reply) -> answered(number, reply);
            case ExchangeEvent.Lost(long number) -> failed(number, "lost");
            case ExchangeEvent.TimedOut(long number) -> failed(number, "not answered in time");
            case ExchangeEvent.Paused(boolean now) -> paused = now;
        }
        return goOn();
    }

    private void answered(long number, ExchangeReply reply) {
        Question question = underWay.remove(number);
        if (question == null) {
            return;
        }
        if (reply instanceof ExchangeReply.Declined(String why)) {
            end(
                    question.side() == Side.PEER ? ExchangeReport.End.DECLINED : ExchangeReport.End.INTERRUPTED,
                    question.side() + " declined: " + why);
        } else {
            question.then().accept(reply);
        }
    }

    private void failed(long number, String how) {
        Question question = underWay.remove(number);
        if (question != null) {
            end(ExchangeReport.End.INTERRUPTED, "a question to " + question.side() + " was " + how);
        }
    }

    private void unexpected(ExchangeReply reply) {
        end(
                ExchangeReport.End.INTERRUPTED,
                "an answer to another question: " + reply.getClass().getSimpleName());
    }

    private void end(ExchangeReport.End end, String why) {
        done = true;
        effects.add(new ExchangeEffect.End(new ExchangeReport(end, why, counter.counts())));
    }

    private List<ExchangeEffect> goOn() {
        while (!done && !paused && !toDo.isEmpty() && underWay.size() < limits.batchesUnderWayMax()) {
            toDo.removeFirst().run();
        }
        if (!done && toDo.isEmpty() && underWay.isEmpty()) {
            end(ExchangeReport.End.COMPLETE, "");
        }
        List<ExchangeEffect> performed = effects;
        effects = new ArrayList<>();
        return performed;
    }

    private void ask(Side side, ExchangeRequest request, Consumer<ExchangeReply> then) {
        long number = ++questions;
        underWay.put(number, new Question(side, then));
        if (side == Side.PEER) {
            counter.asked();
            effects.add(new ExchangeEffect.AskPeer(number, request));
        } else {
            effects.add(new ExchangeEffect.AskSelf(number, request));
        }
        effects.add(new ExchangeEffect.StartTimer(number));
    }

    private void compared(ExchangeReply reply) {
        switch (reply) {
            case ExchangeReply.Same() -> {}
            case ExchangeReply.Differs(LeafTable theirs) -> {
                List<LeafRun> runs = LeafRun.between(own, theirs, limits.leavesAtOnceMax());
                runs.forEach(run -> counter.differ(run.leaves().size()));
                runs.forEach(run -> toDo.addLast(() -> begin(run)));
            }
            default -> unexpected(reply);
        }
    }

    private void begin(LeafRun run) {
        switch (run) {
            case LeafRun.EmptyHere(var leaves) -> moveLeaves(Side.PEER, leaves.getFirst(), null, leaves.getLast());
            case LeafRun.EmptyThere(var leaves) -> moveLeaves(Side.SELF, leaves.getFirst(), null, leaves.getLast());
            case LeafRun.BothHold(var leaves) -> compareKeys(leaves, null);
        }
    }

    /** All of a run of leaves, from the side that has them to the one whose leaves are empty. */
    private void moveLeaves(Side from, int firstLeaf, @Nullable Key after, int lastLeaf) {
        ask(from, new ExchangeRequest.FetchLeaves(firstLeaf, after, lastLeaf), reply -> {
            if (!(reply instanceof ExchangeReply.Fetched(List<KeyRecord> records, boolean isLast))
                    || records.stream().anyMatch(held -> !isIn(held.key(), firstLeaf, lastLeaf))) {
                unexpected(reply);
                return;
            }
            if (!isLast) {
                Key last = records.getLast().key();
                toDo.addFirst(() -> moveLeaves(from, Leaf.indexOf(last), last, lastLeaf));
            }
            move(from, records);
        });
    }

    private static boolean isIn(Key key, int firstLeaf, int lastLeaf) {
        int leaf = Leaf.indexOf(key);
        return firstLeaf <= leaf && leaf <= lastLeaf;
    }

    private static boolean answersFirstOf(List<Key> keys, List<KeyRecord> records) {
        return records.size() <= keys.size()
                && records.stream().map(KeyRecord::key).toList().equals(keys.subList(0, records.size()));
    }

    private void compareKeys(List<Integer> leaves, @Nullable Key after) {
        var question = new ExchangeRequest.ListKeys(leaves, after);
        ask(
                Side.PEER,
                question,
                theirs -> ask(Side.SELF, question, mine -> {
                    if (theirs instanceof ExchangeReply.Listed there && mine instanceof ExchangeReply.Listed here) {
                        moveWhatDiffers(leaves, KeyComparison.of(here, there));
                    } else {
                        unexpected(theirs instanceof ExchangeReply.Listed ? mine : theirs);
                    }
                }));
    }

    private void moveWhatDiffers(List<Integer> leaves, KeyComparison comparison) {
        counter.compared(comparison.keysCompared());
        Key reached = comparison.reached();
        if (reached != null) {
            List<Integer> left = leaves.stream()
                    .filter(leaf -> leaf >= Leaf.indexOf(reached))
                    .toList();
            toDo.addFirst(() -> compareKeys(left, reached));
        }
        pushLater(comparison.onlyHere());
        List<Key> otherThere = comparison.otherThere();
        if (!otherThere.isEmpty()) {
            toDo.addFirst(() -> moveKeys(Side.PEER, otherThere));
        }
    }

    private void pushLater(List<Key> keys) {
        if (!keys.isEmpty()) {
            toDo.addFirst(() -> moveKeys(Side.SELF, keys));
        }
    }

    private void moveKeys(Side from, List<Key> keys) {
        ask(from, new ExchangeRequest.FetchKeys(keys), reply -> {
            if (!(reply instanceof ExchangeReply.Fetched(List<KeyRecord> records, boolean isLast))
                    || !answersFirstOf(keys, records)) {
                unexpected(reply);
                return;
            }
            if (!isLast) {
                List<Key> left = keys.subList(records.size(), keys.size());
                toDo.addFirst(() -> moveKeys(from, left));
            }
            move(from, records);
        });
    }

    private void move(Side from, List<KeyRecord> fetched) {
        List<KeyRecord> records =
                fetched.stream().filter(held -> !held.record().isEmpty()).toList();
        if (!records.isEmpty() && from == Side.PEER) {
            joinHere(records);
        } else if (!records.isEmpty()) {
            joinThere(records);
        }
    }

    /** Theirs into mine. What is held here then and is more than theirs is what they lack. */
    private void joinHere(List<KeyRecord> theirs) {
        counter.pulled(theirs);
        ask(Side.SELF, new ExchangeRequest.Join(theirs), reply -> {
            if (reply instanceof ExchangeReply.Joined(List<Long> held) && held.size() == theirs.size()) {
                pushLater(keysThatDiffer(theirs, held));
            } else {
                unexpected(reply);
            }
        });
    }

    private static List<Key> keysThatDiffer(List<KeyRecord> sent, List<Long> held) {
        var keys = new ArrayList<Key>();
        for (int i = 0; i < sent.size(); i++) {
            if (sent.get(i).hash() != held.get(i)) {
                keys.add(sent.get(i).key());
            }
        }
        return keys;
    }

    /** Mine into theirs. What they hold then and is more than mine came meanwhile; the next exchange finds it. */
    private void joinThere(List<KeyRecord> mine) {
        ask(Side.PEER, new ExchangeRequest.Join(mine), reply -> {
            if (reply instanceof ExchangeReply.Joined) {
                counter.pushed(mine);
            } else {
                unexpected(reply);
            }
        });
    }

    public boolean isDone() {
        return done;
    }
}
