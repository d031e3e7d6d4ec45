#include "node/mempool.h"

#include <gtest/gtest.h>

#include "contracts_world.h"

namespace probatum::node {
namespace {

using ledger::TransactionPtr;

TransactionPtr transaction(std::string_view document, std::string_view member = "bank-a/maker-1",
                           UnixMs valid_until = UnixMs{10'000}) {
    contracts::DepositBody body;
    body.digests = contracts::digests_of(as_bytes(document));
    body.size_bytes = document.size();
    body.media_type = "text/plain";
    const SecretKey key = test::key_of(member);
    const contracts::SignerContext signer{Digest{}, "bank-a", key.public_key().id(), {}, valid_until};
    return *ledger::Transaction::decode(
        contracts::build_transaction({.body = body}, signer, [] { return Salt{}; })->sign(key));
}

const Mempool::Excluded kNone = [](const Digest&) { return false; };
constexpr PickLimits kEverything{1000, 1 << 20, 1'000'000, UnixMs{1}};

std::vector<Digest> ids(const std::vector<TransactionPtr>& transactions) {
    std::vector<Digest> out;
    for (const auto& one : transactions) {
        out.push_back(one->id());
    }
    return out;
}

TEST(Mempool, GossipsTheOldestThatFitIntoOneMessage) {
    Mempool pool{{}};
    const auto first = transaction("a");
    ASSERT_TRUE(*pool.add(first, 1));
    ASSERT_TRUE(*pool.add(transaction("b"), 1));
    ASSERT_TRUE(*pool.add(transaction("c"), 1));
    EXPECT_EQ(pool.oldest(2, 1 << 20).size(), 2U);
    EXPECT_EQ(ids(pool.oldest(9, first->wire().size())), std::vector<Digest>{first->id()});
}

TEST(Mempool, GivesTransactionsInTheOrderOfArrival) {
    Mempool pool{{}};
    std::vector<Digest> expected;
    for (const char* text : {"c", "a", "b"}) {
        const auto one = transaction(text);
        ASSERT_TRUE(*pool.add(one, 1));
        expected.push_back(one->id());
    }
    EXPECT_EQ(ids(pool.pick(kEverything, kNone).fitting), expected);
}

TEST(Mempool, TheSameTransactionIsHeldOnce) {
    Mempool pool{{}};
    EXPECT_TRUE(*pool.add(transaction("a"), 1));
    EXPECT_FALSE(*pool.add(transaction("a"), 1));
    EXPECT_EQ(pool.size().transactions, 1U);
}

TEST(Mempool, RefusesBeyondItsLimitsAndSaysWhen) {
    Mempool pool{{.max_transactions = 3, .max_bytes = 1 << 20, .max_per_sender = 2}};
    ASSERT_TRUE(pool.add(transaction("1"), 1).has_value());
    ASSERT_TRUE(pool.add(transaction("2"), 1).has_value());
    const auto sender = pool.add(transaction("3"), 1);
    ASSERT_FALSE(sender.has_value());
    EXPECT_EQ(sender.error().code, Errc::sender_limit);
    EXPECT_NE(sender.error().detail.find("retry_after_ms"), std::string::npos);
    ASSERT_TRUE(pool.add(transaction("4", "bank-a/maker-2"), 1).has_value());
    const auto full = pool.add(transaction("5", "bank-d/lender-1"), 1);
    ASSERT_FALSE(full.has_value());
    EXPECT_EQ(full.error().code, Errc::pool_full);
    pool.drop(transaction("1")->id());
    EXPECT_TRUE(pool.add(transaction("3"), 1).has_value());
}

TEST(Mempool, BytesAreBounded) {
    const auto one = transaction("a");
    Mempool pool{{.max_transactions = 100, .max_bytes = one->wire().size() + 10, .max_per_sender = 100}};
    ASSERT_TRUE(pool.add(one, 1).has_value());
    EXPECT_EQ(pool.add(transaction("b"), 1).error().code, Errc::pool_full);
}

TEST(Mempool, PickKeepsEachLimit) {
    Mempool pool{{}};
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(pool.add(transaction("t" + std::to_string(i)), 10).has_value());
    }
    const std::size_t size = transaction("t0")->wire().size();
    EXPECT_EQ(pool.pick({2, 1 << 20, 1000, UnixMs{1}}, kNone).fitting.size(), 2U);
    EXPECT_EQ(pool.pick({10, 3 * size, 1000, UnixMs{1}}, kNone).fitting.size(), 3U);
    EXPECT_EQ(pool.pick({10, 1 << 20, 40, UnixMs{1}}, kNone).fitting.size(), 4U);
}

TEST(Mempool, WhatFitsIntoNoBlockAnyMoreHoldsNothingUp) {
    Mempool pool{{}};
    const auto heavy = transaction("heavy");
    const auto great = transaction("great", "bank-a/maker-1", UnixMs{5'000'000'000'000});
    const auto good = transaction("good");
    ASSERT_TRUE(pool.add(heavy, 10).has_value());
    ASSERT_TRUE(pool.add(great, 1).has_value());
    ASSERT_TRUE(pool.add(good, 1).has_value());
    ASSERT_GT(great->wire().size(), good->wire().size());
    const auto picked = pool.pick({1, good->wire().size(), 5, UnixMs{1}}, kNone);
    EXPECT_EQ(ids(picked.fitting), std::vector<Digest>{good->id()});
    EXPECT_EQ(ids(picked.too_great), (std::vector<Digest>{heavy->id(), great->id()}));
}

TEST(Mempool, PickPassesOverWhatAncestorsHoldAndWhatHasExpired) {
    Mempool pool{{}};
    const auto held = transaction("held");
    const auto old = transaction("old", "bank-a/maker-1", UnixMs{5});
    const auto good = transaction("good");
    for (const auto& one : {held, old, good}) {
        ASSERT_TRUE(pool.add(one, 1).has_value());
    }
    const auto picked = pool.pick({10, 1 << 20, 100, UnixMs{6}}, [&](const Digest& id) { return id == held->id(); });
    EXPECT_EQ(ids(picked.fitting), std::vector<Digest>{good->id()});
    EXPECT_EQ(pool.expire(UnixMs{6}), std::vector<Digest>{old->id()});
    EXPECT_EQ(pool.size().transactions, 2U);
}

TEST(Mempool, WhatIsFinalIsGoneAndRememberedForGossip) {
    Mempool pool{{}};
    const auto one = transaction("a");
    ASSERT_TRUE(pool.add(one, 1).has_value());
    pool.remove_final({one});
    EXPECT_EQ(pool.size().transactions, 0U);
    EXPECT_EQ(pool.look(one->id()), Known::recently_final);
    EXPECT_FALSE(*pool.add(one, 1));
    EXPECT_TRUE(pool.begin_checks({{one->id(), to_bytes(one->wire())}}).empty());
}

TEST(Mempool, AProposalTakesWhatIsStillWaitingForItsCheck) {
    Mempool pool{{}};
    const auto checked = transaction("checked");
    const auto waiting = transaction("waiting");
    const auto unknown = transaction("unknown");
    ASSERT_TRUE(pool.add(checked, 1).has_value());
    EXPECT_EQ(
        pool.begin_checks({{waiting->id(), to_bytes(waiting->wire())}, {checked->id(), to_bytes(checked->wire())}}),
        std::vector<Digest>{waiting->id()});
    EXPECT_EQ(pool.look(waiting->id()), Known::checking);
    const auto lookup = pool.resolve({checked->id(), waiting->id(), unknown->id()});
    EXPECT_EQ(lookup.missing, std::vector<std::uint32_t>{2});
    ASSERT_TRUE(lookup.found[1]);
    EXPECT_EQ(lookup.found[1]->id(), waiting->id());
    EXPECT_FALSE(pool.take_unchecked(waiting->id()).has_value()) << "the worker must not check it again";
    EXPECT_EQ(pool.unchecked_among({checked, lookup.found[1]}), std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace probatum::node
