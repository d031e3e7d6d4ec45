#include "ledger/state_view.h"

#include <gtest/gtest.h>

#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::named_digest;

class Nothing final : public StateView {
public:
    [[nodiscard]] std::optional<Bytes> get(const Digest&) const override { return std::nullopt; }
};

const Digest kA = named_digest("a");
const Digest kB = named_digest("b");

TEST(StateOverlay, ReadsThroughToWhatLiesBelow) {
    const Nothing nothing;
    StateOverlay block{nothing};
    block.put(kA, {1});
    block.put(kB, {2});
    StateOverlay transaction{block};
    EXPECT_EQ(transaction.get(kA), Bytes{1});
    transaction.put(kA, {3});
    transaction.remove(kB);
    EXPECT_EQ(transaction.get(kA), Bytes{3});
    EXPECT_EQ(transaction.get(kB), std::nullopt);
    EXPECT_EQ(block.get(kA), Bytes{1});
    EXPECT_EQ(block.get(kB), Bytes{2});
}

TEST(StateOverlay, AbsorbsAnOverlayAndTheLaterWriteWins) {
    const Nothing nothing;
    StateOverlay block{nothing};
    block.put(kA, {1});
    StateOverlay transaction{block};
    transaction.remove(kA);
    transaction.put(kB, {2});
    block.absorb(std::move(transaction).take());
    EXPECT_EQ(block.get(kA), std::nullopt);
    EXPECT_EQ(block.get(kB), Bytes{2});
    EXPECT_EQ(block.writes().size(), 2U);
}

TEST(StateOverlay, ChangesAreSortedDigestsOfTheValues) {
    const Nothing nothing;
    StateOverlay block{nothing};
    block.put(kA, {1});
    block.remove(kB);
    const std::vector<StateChange> changes = changes_of(block.writes());
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_LT(changes[0].key, changes[1].key);
    const StateChange& a = changes[0].key == kA ? changes[0] : changes[1];
    const StateChange& b = changes[0].key == kA ? changes[1] : changes[0];
    EXPECT_EQ(a.value_digest, sha256(Bytes{1}));
    EXPECT_EQ(b.value_digest, std::nullopt);
}

}  // namespace
}  // namespace probatum::ledger
