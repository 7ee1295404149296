package io.dynamokv.node.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MessageCodecTest {
    private static final int SEEDS = 200;
    private static final HostileBytes<PeerMessage> HOSTILE =
            new HostileBytes<>(WireSamples.messages().values(), WireSamples::bytesOf, MessageCodec::decode);

    /** Format 1. Nodes of two releases speak to each other (rule D1): these bytes never change. */
    private static final Map<String, String> GOLDEN = Map.ofEntries(
            Map.entry("ping", "0101"),
            Map.entry("pong", "0102"),
            Map.entry("sent", "01030102030405060708"),
            Map.entry(
                    "replicate",
                    "010a00000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a900000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry("fetch", "010b00000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a9"),
            Map.entry("execute get", "010c00000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a902"),
            Map.entry(
                    "execute put",
                    "010d00000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a9020000000b011122334455667788ac0200000000000000010000000000000002000000000000000300000000000000040000000a746578742f706c61696e000000046d696c6b"),
            Map.entry(
                    "execute delete",
                    "010e00000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a9020300000000000000010000000000000002010000000b011122334455667788ac02"),
            Map.entry(
                    "execute delete without context",
                    "010e00000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a902030000000000000001000000000000000200"),
            Map.entry(
                    "stand in",
                    "010f00000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a90200000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry(
                    "deliver",
                    "011000000a0b0c0d0e0f0007000000000000000900000005636172747300000002c3a900000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry(
                    "found by a sloppy quorum",
                    "011d00000a0b0c0d0e0f00000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry("written by a sloppy quorum", "011e00000a0b0c0d0e0f00"),
            Map.entry(
                    "prove",
                    "011100000a0b0c0d0e0f0007000000000000000900000001" + "00000005636172747300000002c3a9"
                            + "0000000b011122334455667788ac02"),
            Map.entry(
                    "reap",
                    "011200000a0b0c0d0e0f0007000000000000000900000001" + "00000005636172747300000002c3a9"
                            + "0000000b011122334455667788ac02"),
            Map.entry("proved", "011f00000a0b0c0d0e0f000000020100"),
            Map.entry("exchange: compare", "011300000a0b0c0d0e0f00070000000000000009010000000000000005"),
            Map.entry("exchange: list keys", "011300000a0b0c0d0e0f000700000000000000090200000002000103ff00"),
            Map.entry(
                    "exchange: list keys behind one",
                    "011300000a0b0c0d0e0f00070000000000000009020000000100010100000005636172747300000002c3a9"),
            Map.entry(
                    "exchange: fetch keys",
                    "011300000a0b0c0d0e0f00070000000000000009030000000100000005636172747300000002c3a9"),
            Map.entry("exchange: fetch leaves", "011300000a0b0c0d0e0f0007000000000000000904000103ff00"),
            Map.entry(
                    "exchange: fetch leaves behind a key",
                    "011300000a0b0c0d0e0f0007000000000000000904000100020100000005636172747300000002c3a9"),
            Map.entry(
                    "exchange: join",
                    "011300000a0b0c0d0e0f00070000000000000009050000000100000005636172747300000002c3a900000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry("exchanged: same", "012000000a0b0c0d0e0f0b"),
            Map.entry(
                    "exchanged: listed",
                    "012000000a0b0c0d0e0f0d010000000100000005636172747300000002c3a90000000000000006"),
            Map.entry(
                    "exchanged: fetched",
                    "012000000a0b0c0d0e0f0e000000000100000005636172747300000002c3a900000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry("exchanged: joined", "012000000a0b0c0d0e0f0f000000010000000000000006"),
            Map.entry("exchanged: declined", "012000000a0b0c0d0e0f10000000026e6f"),
            Map.entry("acknowledged", "011400000a0b0c0d0e0f"),
            Map.entry(
                    "fetched",
                    "011500000a0b0c0d0e0f00000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry("fetched nothing", "011500000a0b0c0d0e0f0000000401000000"),
            Map.entry("declined", "011600000a0b0c0d0e0f000000026e6f"),
            Map.entry(
                    "found",
                    "011700000a0b0c0d0e0f00000050010111223344556677880100010111223344556677880100000000000000050000000000000001000000000000000200000000000000030000000000000004000a746578742f706c61696e046d696c6b"),
            Map.entry("written", "011800000a0b0c0d0e0f010000000b011122334455667788ac02"),
            Map.entry("written without context", "011800000a0b0c0d0e0f00"),
            Map.entry("refused", "011900000a0b0c0d0e0f0201"),
            Map.entry("unknown", "011a00000a0b0c0d0e0f0201"),
            Map.entry("limit", "011b00000a0b0c0d0e0f000000087369626c696e677300000000000000650000000000000064"),
            Map.entry("id reused", "011c00000a0b0c0d0e0f"));

    @TestFactory
    Stream<DynamicTest> everyMessageIsReadAsItWasWritten() {
        return WireSamples.messages().entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> {
                    byte[] bytes = WireSamples.bytesOf(each.getValue());
                    PeerMessage read = MessageCodec.decode(Unpooled.wrappedBuffer(bytes));
                    assertEquals(each.getValue(), read);
                    assertArrayEquals(bytes, WireSamples.bytesOf(read));
                }));
    }

    @TestFactory
    Stream<DynamicTest> d1_theBytesOfFormat1DoNotChange() {
        return WireSamples.messages().entrySet().stream()
                .map(each -> dynamicTest(
                        each.getKey(),
                        () -> assertEquals(
                                GOLDEN.get(each.getKey()),
                                HexFormat.of().formatHex(WireSamples.bytesOf(each.getValue())))));
    }

    @Test
    void whatIsBehindAnotherMessageIsReadTheSame() {
        ByteBuf both = Unpooled.buffer();
        WireSamples.messages().values().forEach(message -> MessageCodec.encode(message, both));

        for (PeerMessage message : WireSamples.messages().values()) {
            int length = both.readInt();
            assertEquals(message, MessageCodec.decode(both.readSlice(length)));
        }
        assertEquals(0, both.readableBytes());
    }

    @TestFactory
    Stream<DynamicTest> aCutOffMessageIsMalformed() {
        return WireSamples.messages().entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> {
                    byte[] bytes = WireSamples.bytesOf(each.getValue());
                    for (int length = 0; length < bytes.length; length++) {
                        ByteBuf prefix = Unpooled.wrappedBuffer(bytes, 0, length);
                        assertThrows(MalformedException.class, () -> MessageCodec.decode(prefix), "length " + length);
                    }
                }));
    }

    @Test
    void bytesBehindAMessageAreMalformed() {
        for (PeerMessage message : WireSamples.messages().values()) {
            ByteBuf longer = Unpooled.wrappedBuffer(WireSamples.bytesOf(message), new byte[1]);
            assertThrows(MalformedException.class, () -> MessageCodec.decode(longer), message::toString);
        }
    }

    @Test
    void anotherFormatIsNamed() {
        var e = assertThrows(
                MalformedException.class, () -> MessageCodec.decode(Unpooled.wrappedBuffer(new byte[] {2, 1})));

        assertTrue(String.valueOf(e.getMessage()).contains("format must be 1, was 2"), e::getMessage);
    }

    @Test
    void anotherTypeIsNamed() {
        byte[] bytes = WireSamples.bytesOf(new PeerMessage.Reply(1, new PeerReply.Acknowledged()));
        bytes[1] = 99;

        var e = assertThrows(MalformedException.class, () -> MessageCodec.decode(Unpooled.wrappedBuffer(bytes)));

        assertTrue(String.valueOf(e.getMessage()).contains("99"), e::getMessage);
    }

    @Test
    void everyFlippedBitGivesAMessageOrIsMalformed() {
        HOSTILE.flipEveryBit();
    }

    @Test
    void randomBytesGiveAMessageOrAreMalformed() {
        HOSTILE.draw(SEEDS, 80, 30);
    }

    @Test
    void aLengthThatLiesAllocatesNothingForIt() {
        HOSTILE.lieAboutLengths();
    }
}
