#include "ledger/entry.h"

#include <gtest/gtest.h>

#include "ledger/limits.h"
#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::named_digest;

EventLeaf sample_leaf() {
    EventLeaf out;
    out.subject = named_digest("contract");
    out.sequence = 1;
    out.previous = named_digest("leaf 0");
    out.transaction = named_digest("transaction");
    out.height = Height{9};
    out.index = 3;
    out.time = UnixMs{1'795'219'200'000};
    out.resolved = cbor::Writer{}.map(0).take();
    return out;
}

TEST(Entry, ComesBackFromItsBytes) {
    const Entry accepted{named_digest("t"), {}, named_digest("c")};
    EXPECT_EQ(decode_entry(encode(accepted)).value(), accepted);
    const Entry refused{named_digest("t"), {300, "amount"}, named_digest("c")};
    EXPECT_EQ(decode_entry(encode(refused)).value(), refused);
}

TEST(Entry, AnAcceptedOneBlamesNoField) {
    cbor::Writer writer;
    writer.array(3).digest(Digest{}).array(2).uint(0).text("amount").digest(Digest{});
    EXPECT_EQ(decode_entry(writer.view()).error().code, Errc::malformed);
}

TEST(Entry, LimitsTheCodeAndTheField) {
    const auto decodes = [](std::uint64_t code, std::size_t field_bytes) {
        cbor::Writer writer;
        writer.array(3).digest(Digest{}).array(2).uint(code).text(std::string(field_bytes, 'f')).digest(Digest{});
        return decode_entry(writer.view()).has_value();
    };
    EXPECT_TRUE(decodes(0xFFFF, kMaxOutcomeFieldBytes));
    EXPECT_FALSE(decodes(0x10000, 0));
    EXPECT_FALSE(decodes(1, kMaxOutcomeFieldBytes + 1));
}

TEST(Outcome, OfALongFieldNameIsCutBetweenCharacters) {
    const Outcome outcome = Outcome::refused({Errc::terms_invalid, std::string(127, 'x') + "合同", "detail"});
    EXPECT_EQ(outcome.code, 307);
    EXPECT_EQ(outcome.field, std::string(127, 'x'));
    EXPECT_EQ(Outcome::refused({Errc::terms_invalid, "rows[2]", ""}).field, "rows[2]");
}

TEST(EventLeaf, ComesBackFromItsBytes) {
    const EventLeaf leaf = sample_leaf();
    EXPECT_EQ(decode_event_leaf(encode(leaf)).value(), leaf);
    EventLeaf first = leaf;
    first.sequence = 0;
    first.previous = {};
    first.outcome = {303, ""};
    EXPECT_EQ(decode_event_leaf(encode(first)).value(), first);
}

TEST(EventLeaf, OnlyTheFirstHasNoPrevious) {
    EventLeaf orphan = sample_leaf();
    orphan.previous = {};
    EXPECT_EQ(decode_event_leaf(encode(orphan)).error().code, Errc::malformed);
    EventLeaf second_first = sample_leaf();
    second_first.sequence = 0;
    EXPECT_EQ(decode_event_leaf(encode(second_first)).error().code, Errc::malformed);
}

TEST(EventLeaf, ResolvedIsOneDeterministicItemOfBoundedDepth) {
    EventLeaf leaf = sample_leaf();
    leaf.resolved = {0x18, 0x01};
    EXPECT_EQ(decode_event_leaf(encode(leaf)).error().code, Errc::not_deterministic);
    leaf.resolved = {0x01, 0x01};
    EXPECT_FALSE(decode_event_leaf(encode(leaf)));
    leaf.resolved = {};
    EXPECT_FALSE(decode_event_leaf(encode(leaf)));
    leaf.resolved = Bytes(kMaxItemDepth, 0x81);
    leaf.resolved.push_back(1);
    EXPECT_TRUE(decode_event_leaf(encode(leaf)));
    leaf.resolved.insert(leaf.resolved.begin(), 0x81);
    EXPECT_EQ(decode_event_leaf(encode(leaf)).error().code, Errc::too_deep);
}

}  // namespace
}  // namespace probatum::ledger
