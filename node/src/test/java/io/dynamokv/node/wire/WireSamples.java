package io.dynamokv.node.wire;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.KeyHash;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One small message of each type. */
final class WireSamples {
    static final Key KEY = new Key("carts", "é");
    static final Dot DOT = new Dot(new WriterId(0x1122334455667788L), 300);
    static final VersionVector VECTOR = VersionVector.of(DOT);
    static final Content CONTENT = new Content(
            new RequestId(1, 2), new RequestDigest(3, 4), "text/plain", "milk".getBytes(StandardCharsets.UTF_8));
    static final VersionedRecord RECORD = VersionedRecord.EMPTY.update(
            VersionVector.EMPTY, new TimedDot(new Dot(DOT.writer(), 1), new HybridTime(5)), CONTENT);

    private WireSamples() {}

    static Map<String, PeerMessage> messages() {
        var messages = new LinkedHashMap<String, PeerMessage>();
        messages.put("ping", new PeerMessage.Ping());
        messages.put("pong", new PeerMessage.Pong());
        messages.put("sent", new PeerMessage.Sent(0x0102030405060708L));
        messages.put("replicate", request(new PeerRequest.Replicate(new StoreKey(7, KEY), RECORD)));
        messages.put("stand in", request(new PeerRequest.StandIn(new StoreKey(7, KEY), RECORD, 2)));
        messages.put("deliver", request(new PeerRequest.Deliver(new StoreKey(7, KEY), RECORD)));
        List<Tombstone> tombstones = List.of(new Tombstone(KEY, VECTOR));
        messages.put("prove", request(new PeerRequest.Prove(7, tombstones)));
        messages.put("reap", request(new PeerRequest.Reap(7, tombstones)));
        messages.put("proved", reply(new PeerReply.Proved(List.of(true, false))));
        exchangeRequests()
                .forEach((name, question) ->
                        messages.put("exchange: " + name, request(new PeerRequest.Exchange(7, question))));
        exchangeReplies()
                .forEach((name, answer) -> messages.put("exchanged: " + name, reply(new PeerReply.Exchanged(answer))));
        messages.put("fetch", request(new PeerRequest.Fetch(new StoreKey(7, KEY))));
        messages.put("execute get", request(new PeerRequest.Execute(new ClientRequest.Get(KEY, 2))));
        messages.put("execute put", request(new PeerRequest.Execute(new ClientRequest.Put(KEY, VECTOR, CONTENT, 2))));
        messages.put(
                "execute delete",
                request(new PeerRequest.Execute(new ClientRequest.Delete(KEY, new RequestId(1, 2), VECTOR, 2, 3))));
        messages.put(
                "execute delete without context",
                request(new PeerRequest.Execute(new ClientRequest.Delete(KEY, new RequestId(1, 2), null, 2, 3))));
        messages.put("acknowledged", reply(new PeerReply.Acknowledged()));
        messages.put("fetched", reply(new PeerReply.Fetched(RECORD)));
        messages.put("fetched nothing", reply(new PeerReply.Fetched(VersionedRecord.EMPTY)));
        messages.put("declined", reply(new PeerReply.Declined("no")));
        messages.put("found by a sloppy quorum", reply(new PeerReply.Executed(new Outcome.Found(RECORD, true))));
        messages.put("written by a sloppy quorum", reply(new PeerReply.Executed(new Outcome.Written(null, true))));
        messages.put("found", reply(new PeerReply.Executed(new Outcome.Found(RECORD))));
        messages.put("written", reply(new PeerReply.Executed(new Outcome.Written(VECTOR))));
        messages.put("written without context", reply(new PeerReply.Executed(new Outcome.Written(null))));
        messages.put("refused", reply(new PeerReply.Executed(new Outcome.Refused(2, 1))));
        messages.put("unknown", reply(new PeerReply.Executed(new Outcome.Unknown(2, 1))));
        messages.put("limit", reply(new PeerReply.Executed(new Outcome.LimitExceeded("siblings", 101, 100))));
        messages.put("id reused", reply(new PeerReply.Executed(new Outcome.RequestIdReused())));
        return messages;
    }

    private static Map<String, ExchangeRequest> exchangeRequests() {
        var requests = new LinkedHashMap<String, ExchangeRequest>();
        requests.put("compare", new ExchangeRequest.Compare(5));
        requests.put("list keys", new ExchangeRequest.ListKeys(List.of(1, 1023), null));
        requests.put("list keys behind one", new ExchangeRequest.ListKeys(List.of(1), KEY));
        requests.put("fetch keys", new ExchangeRequest.FetchKeys(List.of(KEY)));
        requests.put("fetch leaves", new ExchangeRequest.FetchLeaves(1, null, 1023));
        requests.put("fetch leaves behind a key", new ExchangeRequest.FetchLeaves(1, KEY, 2));
        requests.put("join", new ExchangeRequest.Join(List.of(new KeyRecord(KEY, RECORD))));
        return requests;
    }

    private static Map<String, ExchangeReply> exchangeReplies() {
        var replies = new LinkedHashMap<String, ExchangeReply>();
        replies.put("same", new ExchangeReply.Same());
        replies.put("listed", new ExchangeReply.Listed(List.of(new KeyHash(KEY, 6)), true));
        replies.put("fetched", new ExchangeReply.Fetched(List.of(new KeyRecord(KEY, RECORD)), false));
        replies.put("joined", new ExchangeReply.Joined(List.of(6L)));
        replies.put("declined", new ExchangeReply.Declined("no"));
        return replies;
    }

    private static PeerMessage request(PeerRequest body) {
        return new PeerMessage.Request(0x0A0B0C0D0E0FL, 7, new Epoch(9), body);
    }

    private static PeerMessage reply(PeerReply body) {
        return new PeerMessage.Reply(0x0A0B0C0D0E0FL, body);
    }

    /** The message without its frame's length. */
    static byte[] bytesOf(PeerMessage message) {
        ByteBuf frame = Unpooled.buffer();
        MessageCodec.encode(message, frame);
        return ByteBufUtil.getBytes(frame, Integer.BYTES, frame.readableBytes() - Integer.BYTES);
    }
}
