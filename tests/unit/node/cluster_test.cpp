#include "cluster.h"
#include "ledger/evidence_log.h"

namespace probatum::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Cluster, FourValidatorsMakeADepositFinalAndAgree) {
    Cluster cluster;
    cluster.start_all();
    const auto receipt = cluster.record(0, "a contract");
    ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
    EXPECT_TRUE(receipt->entry.outcome.accepted());
    EXPECT_TRUE(ledger::verify_finality(receipt->header, receipt->finality, cluster.genesis().validator_set(),
                                        ledger::EcdsaChecker{})
                    .has_value());
    const Digest leaf = ledger::log::leaf_hash(ledger::encode(receipt->entry));
    EXPECT_TRUE(ledger::log::verify_inclusion(leaf, receipt->log_index, receipt->header.log_size, receipt->log_path,
                                              receipt->header.log_root)
                    .has_value());
    EXPECT_TRUE(Cluster::eventually([&] { return cluster.agree() && cluster[3].status().height.raw() >= 1; }));
    // What the store says later is what was said at once.
    const auto stored = cluster[0].receipt(receipt->transaction);
    ASSERT_TRUE(stored.has_value()) << stored.error().to_string();
    EXPECT_EQ(stored->header, receipt->header);
    EXPECT_EQ(stored->entry, receipt->entry);
    EXPECT_EQ(stored->log_path, receipt->log_path);
    EXPECT_EQ(stored->log_index, receipt->log_index);
}

TEST(Cluster, EachValidatorTakesTransactionsAndTheSameAgainIsTheSame) {
    Cluster cluster;
    cluster.start_all();
    for (std::size_t i = 0; i < 4; ++i) {
        const Bytes wire = cluster.transaction("document " + std::to_string(i));
        const auto first = cluster.submit(i, wire);
        ASSERT_TRUE(first.has_value()) << first.error().to_string();
        EXPECT_FALSE(first->already_recorded);
        ASSERT_TRUE(cluster.await(i, first->transaction).has_value());
        const auto again = cluster.submit(i, wire);
        ASSERT_TRUE(again.has_value()) << again.error().to_string();
        EXPECT_TRUE(again->already_recorded);
        const auto elsewhere = cluster.submit((i + 1) % 4, wire);
        ASSERT_TRUE(elsewhere.has_value()) << elsewhere.error().to_string();
        EXPECT_TRUE(elsewhere->already_recorded || elsewhere->already_pending);
    }
    EXPECT_TRUE(Cluster::eventually([&] { return cluster[0].view()->head().log_size == 4U; }));
}

TEST(Cluster, WhatCannotStandInABlockIsAnsweredAndLeavesNoTrace) {
    Cluster cluster;
    cluster.start_all();
    ASSERT_TRUE(cluster.record(0, "first").has_value());
    Bytes bad_signature = cluster.transaction("bad");
    bad_signature[bad_signature.size() - 5] ^= 1U;  // inside the signature: only the empty map of openings follows
    const auto later = UnixMs{node::wall_clock().raw() + 3'600'000};
    const std::pair<Bytes, Errc> cases[] = {
        {bad_signature, Errc::bad_signature},
        {Bytes{1, 2, 3}, Errc::malformed},
        {deposit(Digest{}, "foreign", later), Errc::foreign_chain},
        {deposit(cluster.chain_id(), "late", UnixMs{node::wall_clock().raw() - 60'000}), Errc::expired},
        {deposit(cluster.chain_id(), "long", UnixMs{later.raw() + 2 * contracts::kMaxValidityMs}),
         Errc::valid_too_long},
        {deposit(cluster.chain_id(), "stranger", later, "bank-a/nobody"), Errc::unknown_key},
    };
    for (const auto& [wire, code] : cases) {
        const auto answer = cluster.submit(1, wire);
        ASSERT_FALSE(answer.has_value()) << static_cast<int>(code);
        EXPECT_EQ(answer.error().code, code) << answer.error().to_string();
    }
    ASSERT_TRUE(cluster.record(1, "second").has_value());
    EXPECT_EQ(cluster[1].view()->head().log_size, 2U);
}

TEST(Cluster, OneValidatorDiesOthersGoOnAndItCatchesUp) {
    Cluster cluster;
    cluster.start_all();
    ASSERT_TRUE(cluster.record(0, "before").has_value());
    cluster.crash(3);
    for (int i = 0; i < 20; ++i) {
        const auto receipt = cluster.record(static_cast<std::size_t>(i % 3), "without " + std::to_string(i));
        ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
    }
    const node::Status seen = cluster[0].status();
    EXPECT_FALSE(seen.validators[3].connected);
    EXPECT_FALSE(seen.validators[3].problem.empty());
    EXPECT_EQ(seen.reachable, 3U);
    cluster.start(3);
    EXPECT_TRUE(Cluster::eventually([&] { return cluster.agree() && cluster[3].status().height >= seen.height; }));
    ASSERT_TRUE(cluster.record(3, "after").has_value());
    EXPECT_TRUE(Cluster::eventually([&] { return cluster.agree(); }));
    EXPECT_EQ(cluster[3].view()->head().log_size, 22U);
}

TEST(Cluster, TwoOfFourStoppedNothingBecomesFinalUntilOneReturns) {
    Cluster cluster;
    cluster.start_all();
    ASSERT_TRUE(cluster.record(0, "before").has_value());
    ASSERT_TRUE(Cluster::eventually([&] { return cluster.agree(); }));
    cluster.crash(2);
    cluster.stop(3);
    const auto submitted = cluster.submit(0, cluster.transaction("waits"));
    ASSERT_TRUE(submitted.has_value()) << submitted.error().to_string();
    const Height height = cluster[0].status().height;
    const auto early = cluster.await(0, submitted->transaction, milliseconds{1500});
    ASSERT_FALSE(early.has_value());
    EXPECT_EQ(early.error().code, Errc::not_final_yet);
    EXPECT_EQ(cluster[0].status().height, height);
    EXPECT_EQ(cluster[0].status().reachable, 2U);
    cluster.start(2);
    const auto receipt = cluster.await(0, submitted->transaction);
    ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
    EXPECT_TRUE(Cluster::eventually([&] { return cluster.agree(); }));
}

TEST(Cluster, AllFourCrashAndNothingThatWasFinalIsMissing) {
    Cluster cluster;
    cluster.start_all();
    std::vector<Digest> recorded;
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < 4; ++i) {
            const auto receipt = cluster.record(i, "round " + std::to_string(round) + " " + std::to_string(i));
            ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
            recorded.push_back(receipt->transaction);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            cluster.crash(i);
        }
        cluster.start_all();
        for (std::size_t i = 0; i < recorded.size(); ++i) {
            // Each was final for the client of its own validator before the crash.
            EXPECT_TRUE(cluster[i % 4].receipt(recorded[i]).has_value()) << "round " << round << ", transaction " << i;
        }
    }
    ASSERT_TRUE(cluster.record(0, "and on").has_value());
    EXPECT_TRUE(Cluster::eventually([&] { return cluster.agree(); }));
    EXPECT_EQ(cluster[0].view()->head().log_size, recorded.size() + 1);
}

TEST(Cluster, AnObserverFollowsAndTakesNothing) {
    Cluster cluster;
    cluster.start_all();
    ASSERT_TRUE(cluster.record(0, "before").has_value());
    cluster.start_observer();
    ASSERT_TRUE(Cluster::eventually([&] { return cluster.observer().status().block == cluster[0].status().block; }));
    ASSERT_TRUE(cluster.record(1, "while it follows").has_value());
    EXPECT_TRUE(
        Cluster::eventually([&] { return cluster.observer().status().state_root == cluster[1].status().state_root; }));
    EXPECT_EQ(cluster.observer().status().mode, "observer");
    const auto refused = cluster.submit_to(cluster.observer(), cluster.transaction("no"));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::read_only);
}

TEST(Cluster, AKeyWithoutItsJournalNeverVotesAgain) {
    Cluster cluster;
    cluster.start_all();
    ASSERT_TRUE(cluster.record(0, "before").has_value());
    cluster.stop(1);
    fs::remove_all(cluster.config(1).data_dir);
    const auto reopened = node::Node::open(cluster.config(1));
    ASSERT_FALSE(reopened.has_value());
    EXPECT_EQ(reopened.error().code, Errc::journal_missing);
    cluster.stop(2);
    fs::remove_all(cluster.config(2).data_dir / "journal");
    EXPECT_EQ(node::Node::open(cluster.config(2)).error().code, Errc::journal_missing);
}

/// The key on a new machine, its journal and the marker gone: it looks like a first start, but the chain remembers.
TEST(Cluster, AKeyThatBeginsAnewBesideItsOwnPastIsStoppedByTheChain) {
    Cluster cluster;
    cluster.start_all();
    for (int i = 0; i < 12; ++i) {
        ASSERT_TRUE(cluster.record(0, "document " + std::to_string(i)).has_value());
    }
    cluster.stop(1);
    fs::remove_all(cluster.config(1).data_dir);
    for (const auto& file : fs::directory_iterator{cluster.config(1).identity_key_file.parent_path()}) {
        if (file.path().extension() == ".journal") {
            fs::remove(file.path());
        }
    }
    std::promise<Error> alarm;
    auto reopened = node::Node::open(cluster.config(1), [&](const Error& error) { alarm.set_value(error); });
    ASSERT_TRUE(reopened.has_value()) << reopened.error().to_string();
    ASSERT_TRUE((*reopened)->start().has_value());
    auto told = alarm.get_future();
    ASSERT_EQ(told.wait_for(std::chrono::seconds{30}), std::future_status::ready);
    EXPECT_EQ(told.get().code, Errc::journal_missing);
    (*reopened)->abandon();
}

TEST(Cluster, StartRefusesWhatDoesNotFitAndNamesIt) {
    Cluster cluster;
    cluster.start(0);
    node::Config config = cluster.config(1);
    config.listen = cluster.config(0).listen;
    auto node = node::Node::open(config);
    ASSERT_TRUE(node.has_value());
    const auto port = (*node)->start();
    ASSERT_FALSE(port.has_value());
    EXPECT_EQ(port.error().code, Errc::preflight_failed);
    EXPECT_EQ(port.error().field, "listen");

    config = cluster.config(2);
    config.identity_key_file = "/nowhere/identity.key";
    EXPECT_EQ(node::Node::open(config).error().code, Errc::preflight_failed);
    config = cluster.config(2);
    ASSERT_TRUE(node::write_file(config.identity_passphrase_file, as_bytes("wrong\n"), true).has_value());
    EXPECT_EQ(node::Node::open(config).error().code, Errc::wrong_passphrase);
    config = cluster.config(3);
    config.tls_binding_file = cluster.config(0).tls_binding_file;
    EXPECT_EQ(node::Node::open(config).error().field, "tls.binding_file");
}

}  // namespace
}  // namespace probatum::test
