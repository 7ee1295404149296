package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of a write whose node died or fell silent: it is sent once more, or its outcome is unknown (rules W3, W4). Equal nodes take turns, so the first request meets node a. */
class BalancerRepetitionTest extends FreshBalancer {
    private static final String KEY = "/api/v1/kv/b/k";
    private static final String ID = "X-Request-Id";

    /** Rule W4. */
    @Test
    void aPutWhoseNodeDiesIsSentToTheNextOneUnderTheSameIdWithItsWholeBody() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));
        var value = new byte[1024 * 1024];
        new Random(7).nextBytes(value);

        HttpResponse<String> answer =
                fixture.sendAs(KEY, request -> request.PUT(BodyPublishers.ofByteArray(value)), BodyHandlers.ofString());

        assertEquals(200, answer.statusCode());
        assertEquals("from b", answer.body());
        FakeNode.Seen first = onlySeen(0);
        FakeNode.Seen second = onlySeen(1);
        assertEquals(Buffer.buffer(value), first.body());
        assertEquals(Buffer.buffer(value), second.body());
        assertNotNull(first.headers().get(ID));
        assertEquals(first.headers().get(ID), second.headers().get(ID));
        assertEquals(
                answer.headers().firstValue(ID), Optional.of(second.headers().get(ID)));
        assertEquals(first.uri(), second.uri());
    }

    /** Rule W4. */
    @Test
    void theClientsOwnIdAndContextReachBothNodes() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));

        HttpResponse<String> answer = fixture.send(
                KEY,
                request -> request.PUT(BodyPublishers.ofString("v"))
                        .header(ID, "mine")
                        .header("X-Dynamo-Context", "seen")
                        .header("Content-Type", "text/x-special"));

        assertEquals(200, answer.statusCode());
        for (int index : new int[] {0, 1}) {
            assertEquals("mine", onlySeen(index).headers().get(ID));
            assertEquals("seen", onlySeen(index).headers().get("X-Dynamo-Context"));
            assertEquals("text/x-special", onlySeen(index).headers().get("Content-Type"));
        }
    }

    /** Rule W4. */
    @Test
    void aDeleteThatSaysWhatItHasSeenIsRepeated() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));

        HttpResponse<String> answer =
                fixture.send(KEY, request -> request.DELETE().header("X-Dynamo-Context", "seen"));

        assertEquals(200, answer.statusCode());
        assertEquals(onlySeen(0).headers().get(ID), onlySeen(1).headers().get(ID));
    }

    /** Rule W4. */
    @Test
    void aDeleteWithoutAContextIsUnknownAndGoesNowhereElse() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));

        assertUnknown(fixture.send(KEY, request -> request.DELETE()));

        assertEquals("DELETE", onlySeen(0).method());
        assertEquals(List.of(), fixture.node(1).seen);
    }

    /** Rule W4. */
    @Test
    void aSilentNodesDeleteWithoutAContextGoesNowhereElse() {
        fixture.nodes("a", "b").start(pages);
        fixture.node(0).fallSilent();

        assertUnknown(fixture.send(KEY, request -> request.DELETE()));

        assertEquals(List.of(), fixture.node(1).seen);
    }

    /** Rule W4. */
    @Test
    void aMethodThatNobodyKnowsGoesNowhereElse() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));

        assertUnknown(fixture.send(KEY, request -> request.POST(BodyPublishers.ofString("v"))));

        assertEquals(List.of(), fixture.node(1).seen);
    }

    /** The first node may have stored it before it died: 503 would be a promise that it did not. Rule W3. */
    @Test
    void aRefusalOfTheSecondNodeIsUnknown() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));
        answers(fixture.node(1), 503);

        assertUnknown(fixture.put(KEY, "v"));

        onlySeen(1);
    }

    /** Rule W3. */
    @Test
    void aConflictAtTheSecondNodeIsUnknown() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));
        answers(fixture.node(1), 409);

        assertUnknown(fixture.put(KEY, "v"));
    }

    /** Rule W3. */
    @Test
    void aRefusalOfTheFirstNodeIsPassedOnAndNotRepeated() {
        fixture.nodes("a", "b").start(pages);
        answers(fixture.node(0), 503);

        assertEquals(503, fixture.put(KEY, "v").statusCode());

        assertEquals(List.of(), fixture.node(1).seen);
    }

    /** It has lost the way to a replica that the next node may still have. Rule W4. */
    @Test
    void whatTheFirstNodeDoesNotKnowIsAskedOfTheNextOneUnderTheSameId() {
        fixture.nodes("a", "b").start(pages);
        answers(fixture.node(0), 504);

        assertEquals("from b", fixture.put(KEY, "v").body());

        assertEquals(onlySeen(0).headers().get(ID), onlySeen(1).headers().get(ID));
    }

    /** Rule W3. */
    @Test
    void whatBothNodesDoNotKnowIsUnknown() {
        fixture.nodes("a", "b", "c").start(pages);
        fixture.nodes.forEach(node -> answers(node, 504));

        assertUnknown(fixture.put(KEY, "v"));

        assertEquals(
                2, fixture.nodes.stream().mapToInt(node -> node.seen.size()).sum());
    }

    /** Rule W4. */
    @Test
    void aDeleteWithoutAContextOfWhichTheFirstNodeDoesNotKnowGoesNowhereElse() {
        fixture.nodes("a", "b").start(pages);
        answers(fixture.node(0), 504);

        assertEquals(504, fixture.send(KEY, request -> request.DELETE()).statusCode());

        assertEquals(List.of(), fixture.node(1).seen);
    }

    /** Rule W3. */
    @Test
    void whenTheSecondNodeDiesAsWellItIsUnknownAndTheThirdIsNotAsked() {
        fixture.nodes("a", "b", "c").start(pages);
        fixture.nodes.forEach(BalancerRepetitionTest::dies);

        assertUnknown(fixture.put(KEY, "v"));

        assertEquals(
                2, fixture.nodes.stream().mapToInt(node -> node.seen.size()).sum());
    }

    /** Rule W3. */
    @Test
    void withNobodyElseToAskItIsUnknown() {
        fixture.nodes("a").start(pages);
        dies(fixture.node(0));

        assertUnknown(fixture.put(KEY, "v"));

        onlySeen(0);
    }

    /** Rule W3. */
    @Test
    void withNobodyElseToAskASilentNodesWriteIsUnknown() {
        fixture.nodes("a").start(pages);
        fixture.node(0).fallSilent();

        assertUnknown(fixture.put(KEY, "v"));

        onlySeen(0);
    }

    /** It says that it has begun nothing, so even what must never be sent twice goes to another node. Rule W3. */
    @Test
    void whatAStoppingNodeTurnsAwayGoesToAnother() {
        fixture.nodes("a", "b").start(pages);
        turnsAway(fixture.node(0));

        assertEquals("from b", fixture.send(KEY, request -> request.DELETE()).body());

        onlySeen(0);
        onlySeen(1);
        assertEquals(
                1,
                fixture.log.stream()
                        .filter("a gets no requests: it is not serving"::equals)
                        .count());
    }

    /** Rule W3. */
    @Test
    void whatEveryNodeTurnsAwayIsRefused() {
        fixture.nodes("a", "b", "c").start(pages);
        fixture.nodes.forEach(BalancerRepetitionTest::turnsAway);

        HttpResponse<String> answer = fixture.put(KEY, "v");

        assertEquals(503, answer.statusCode());
        assertEquals("urn:dynamokv:problem:no-node", new JsonObject(answer.body()).getString("type"));
        assertEquals(Optional.of("1"), answer.headers().firstValue("Retry-After"));
        fixture.nodes.forEach(node -> assertEquals(1, node.seen.size(), node.name));
    }

    /** Rule W3. */
    @Test
    void aStoppingNodeIsNotTheSecondNode() {
        fixture.nodes("a", "b", "c").start(pages);
        dies(fixture.node(0));
        turnsAway(fixture.node(1));

        assertEquals("from c", fixture.put(KEY, "v").body());
    }

    /** Rule W3: that the second node has begun nothing says nothing of the first. */
    @Test
    void whatANodeMayHaveStoredAndTheOthersTurnAwayIsUnknown() {
        fixture.nodes("a", "b").start(pages);
        dies(fixture.node(0));
        turnsAway(fixture.node(1));

        assertUnknown(fixture.put(KEY, "v"));
    }

    @Test
    void anAnswerThatBreaksOffIsNoAnswer() {
        fixture.nodes("a", "b").start(pages);
        fixture.node(0).answering(request -> {
            request.response().putHeader("Content-Length", "100000");
            request.response()
                    .write(Buffer.buffer(new byte[1000]))
                    .onSuccess(_ -> request.connection().close());
        });

        assertEquals("from b", fixture.put(KEY, "v").body());

        onlySeen(0);
    }

    @Test
    void aNodeThatCannotBeReachedIsNotTheSecondNode() {
        fixture.nodes("a", "b", "c").start(pages);
        dies(fixture.node(0));
        fixture.node(1).refuseRequests();

        assertEquals("from c", fixture.put(KEY, "v").body());

        onlySeen(0);
    }

    @Test
    void aSilentNodesWriteIsRepeatedInTime() {
        fixture.nodes("a", "b").start(pages);
        fixture.node(0).fallSilent();

        HttpResponse<String> answer = fixture.put(KEY, "v");

        assertEquals(200, answer.statusCode());
        assertEquals("from b", answer.body());
        assertEquals(onlySeen(0).headers().get(ID), onlySeen(1).headers().get(ID));
    }

    /** A read would be hedged by then: the write of a node that is merely slow is not doubled. */
    @Test
    void aNodeThatIsSlowerThanTheHedgeDelayKeepsItsWrite() {
        fixture.nodes("a", "b").start(pages, patient(20_000));
        fixture.node(0)
                .answering(
                        request -> fixture.after(100, () -> request.response().end("late")));

        assertEquals("late", fixture.put(KEY, "v").body());

        assertEquals(List.of(), fixture.node(1).seen);
    }

    @Test
    void theFirstNodesLateSuccessIsASuccess() {
        fixture.nodes("a", "b").start(pages, patient(50));
        Promise<HttpServerRequest> held = holds(fixture.node(0));
        fixture.node(1)
                .answering(
                        _ -> held.future().onSuccess(first -> first.response().end("late")));

        assertEquals("late", fixture.put(KEY, "v").body());
    }

    /** Rule W3. */
    @Test
    void theFirstNodesLateRefusalIsNoAnswerWhileTheSecondMayStoreIt() {
        fixture.nodes("a", "b").start(pages, patient(50));
        Promise<HttpServerRequest> held = holds(fixture.node(0));
        fixture.node(1)
                .answering(request -> held.future()
                        .compose(first -> first.response().setStatusCode(503).end())
                        .onSuccess(
                                _ -> fixture.after(100, () -> request.response().end("stored"))));

        HttpResponse<String> answer = fixture.put(KEY, "v");

        assertEquals(200, answer.statusCode());
        assertEquals("stored", answer.body());
    }

    /** Rule W3. */
    @Test
    void theFirstNodesLateSuccessCountsAlthoughTheSecondRefused() {
        fixture.nodes("a", "b").start(pages, patient(50));
        Promise<HttpServerRequest> held = holds(fixture.node(0));
        fixture.node(1)
                .answering(request -> request.response()
                        .setStatusCode(503)
                        .end()
                        .compose(_ -> held.future())
                        .onSuccess(first ->
                                fixture.after(100, () -> first.response().end("stored"))));

        HttpResponse<String> answer = fixture.put(KEY, "v");

        assertEquals(200, answer.statusCode());
        assertEquals("stored", answer.body());
    }

    private static BalancerSettings patient(long repeatMillis) {
        return new BalancerSettings("127.0.0.1", 0, 30_000, 10, repeatMillis, 250, 250, 5000, 15, 10, 4000, 8000, 16);
    }

    /** After it has read the request: nobody knows what it did with it. */
    private static void dies(FakeNode node) {
        node.answering(request -> request.connection().close());
    }

    /** As a node that has not joined, or stops. */
    private static void turnsAway(FakeNode node) {
        node.answering(request -> request.response()
                .setStatusCode(503)
                .putHeader("Content-Type", "application/problem+json")
                .end(new JsonObject()
                        .put("type", "urn:dynamokv:problem:not-serving")
                        .toBuffer()));
    }

    private static void answers(FakeNode node, int status) {
        node.answering(request -> request.response().setStatusCode(status).end());
    }

    /** Its request, once there is one; it is answered by the test. */
    private static Promise<HttpServerRequest> holds(FakeNode node) {
        Promise<HttpServerRequest> held = Promise.promise();
        node.answering(held::complete);
        return held;
    }

    private FakeNode.Seen onlySeen(int index) {
        List<FakeNode.Seen> seen = fixture.node(index).seen;
        assertEquals(1, seen.size(), () -> "requests seen by node " + index);
        return seen.getFirst();
    }

    private static void assertUnknown(HttpResponse<String> answer) {
        assertEquals(504, answer.statusCode(), answer::body);
        assertEquals("urn:dynamokv:problem:outcome-unknown", new JsonObject(answer.body()).getString("type"));
    }
}
