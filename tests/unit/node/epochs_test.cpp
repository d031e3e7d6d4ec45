#include "cluster.h"
#include "governed_world.h"

/// Epochs with real nodes: the consortium changes its parameters and its validators, and nodes come back in between.
namespace probatum::test {
namespace {

using contracts::Change;

class Epochs : public testing::Test {
protected:
    /// Submits through one node and waits until it is final there.
    Result<node::Receipt> act(std::size_t at, std::string_view member, contracts::ActionBody body) {
        const SecretKey key = key_of(member);
        contracts::SignerContext signer{cluster_.chain_id(),
                                        std::string{member.substr(0, member.find('/'))},
                                        key.public_key().id(),
                                        {},
                                        UnixMs{node::wall_clock().raw() + 3'600'000}};
        node::fill_random(signer.idempotency_key);
        const auto salt = [] {
            Salt out{};
            node::fill_random(out);
            return out;
        };
        PROBATUM_LET(
            submitted,
            cluster_.submit(at, contracts::build_transaction({.body = std::move(body)}, signer, salt)->sign(key)));
        return cluster_.await(at, submitted.transaction);
    }

    void accepted(const Result<node::Receipt>& receipt) {
        ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
        ASSERT_TRUE(receipt->entry.outcome.accepted()) << receipt->entry.outcome.code << receipt->entry.outcome.field;
    }

    /// Proposed, voted for and enacted through node 0.
    void decide(Change change) {
        const auto proposed = act(0, "org-a/governor-1", contracts::ProposeBody{.change = std::move(change)});
        accepted(proposed);
        for (const char* const governor : {"org-b/governor-1", "org-c/governor-1"}) {
            accepted(act(0, governor, contracts::VoteBody{proposed->transaction, contracts::Choice::accept}));
        }
        const auto enacted = act(0, "org-a/governor-1", contracts::EnactBody{proposed->transaction});
        accepted(enacted);
        closing_ = enacted->header.height;
    }

    [[nodiscard]] bool is_in(std::size_t i, std::uint64_t epoch, std::string_view mode = "validator") {
        return Cluster::eventually([&] {
            const auto status = cluster_[i].status();
            return status.epoch == Epoch{epoch} && status.mode == mode;
        });
    }
    void all_in(std::uint64_t epoch) {
        for (std::size_t i = 0; i < 4; ++i) {
            EXPECT_TRUE(is_in(i, epoch)) << i;
        }
    }
    void works(std::size_t at, std::string_view document) {
        const auto receipt = act(at, "org-a/maker-1", deposit_of(document));
        ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
    }
    static contracts::ActionBody deposit_of(std::string_view document) {
        contracts::DepositBody body;
        body.digests = contracts::digests_of(as_bytes(document));
        body.size_bytes = document.size();
        body.media_type = "application/pdf";
        return body;
    }
    /// Never the same twice: a change that changes nothing is refused.
    Change slower() {
        contracts::Parameters parameters;
        parameters.view_timeout_ms += ++changes_;
        return contracts::ChangeParameters{parameters};
    }
    /// The operator of the organisation records that its node follows the chain.
    void declares_ready(std::string_view organisation, std::string_view key_name) {
        const auto view = std::dynamic_pointer_cast<const ledger::StateView>(cluster_[0].view());
        ASSERT_NE(view, nullptr);
        const auto marks = contracts::find_marks(*view);
        ASSERT_FALSE(marks.empty());
        const SecretKey key = key_of(key_name);
        accepted(act(0, std::string{organisation} + "/operator-1",
                     contracts::ReadyBody{key.public_key(), contracts::make_readiness(
                                                                key, {cluster_.chain_id(), std::string{organisation}},
                                                                {marks.back(), 1})}));
    }
    [[nodiscard]] bool follows(std::size_t i) {
        return Cluster::eventually([&] { return cluster_[i].status().height >= cluster_[0].status().height; });
    }

    Cluster cluster_{4, governed_genesis()};
    Height closing_;
    std::uint32_t changes_{0};
};

TEST_F(Epochs, AChangeOfParametersClosesTheEpochAndTheNextBlockBelongsToTheNext) {
    cluster_.start_all();
    works(0, "before");
    decide(slower());
    all_in(1);
    works(1, "after");
    ASSERT_TRUE(Cluster::eventually([&] { return cluster_[0].view()->head().height > closing_; }));
    const auto first = cluster_[0].view()->header(closing_.next());
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->epoch, Epoch{1});
    EXPECT_EQ(first->validators, cluster_.genesis().validator_set().digest());
    const auto closing = cluster_[0].view()->header(closing_);
    ASSERT_TRUE(closing.has_value());
    EXPECT_EQ(closing->epoch, Epoch{0});
    EXPECT_TRUE(Cluster::eventually([&] { return cluster_.agree(); }));
}

TEST_F(Epochs, WhoSleptThroughTheChangeWakesUpInTheNewEpoch) {
    cluster_.start_all();
    works(0, "before");
    cluster_.stop(3);
    decide(slower());
    works(1, "after");
    decide(slower());
    works(1, "after that");
    cluster_.start(3);
    EXPECT_TRUE(is_in(3, 2));
    EXPECT_TRUE(Cluster::eventually([&] { return cluster_[3].status().ready; }));
    works(3, "through the one that slept");
    EXPECT_TRUE(Cluster::eventually([&] { return cluster_.agree(); }));
}

TEST_F(Epochs, AllLightsOutRightAfterTheEndAndTheNextEpochBegins) {
    cluster_.start_all();
    decide(slower());
    for (std::size_t i = 0; i < 4; ++i) {
        cluster_.crash(i);
    }
    cluster_.start_all();
    all_in(1);
    works(2, "after");
    for (std::size_t i = 0; i < 4; ++i) {
        cluster_.crash(i);
    }
    // One of them has nothing left but its journal, which leads through both epochs.
    fs::remove_all(cluster_.config(1).data_dir / "state");
    cluster_.start_all();
    works(2, "after that");
    all_in(1);
    EXPECT_TRUE(Cluster::eventually([&] { return cluster_.agree(); }));
}

TEST_F(Epochs, ARemovedValidatorFollowsAndSaysSo) {
    cluster_.start_all();
    for (int i = 0; i < 8; ++i) {
        works(static_cast<std::size_t>(i % 4), "before " + std::to_string(i));
    }
    decide(contracts::RemoveValidator{validator_key("org-d")});
    EXPECT_TRUE(is_in(0, 1));
    EXPECT_TRUE(is_in(3, 1, "follower"));
    works(1, "after");
    EXPECT_TRUE(follows(3));
    EXPECT_EQ(cluster_[0].status().validators.size(), 3U);
    EXPECT_FALSE(cluster_.submit(3, cluster_.transaction("refused")).has_value());
    // Nor does it vote after a restart.
    cluster_.crash(3);
    cluster_.start(3);
    EXPECT_TRUE(is_in(3, 1, "follower"));
    works(1, "still");
    EXPECT_TRUE(follows(3));
}

TEST_F(Epochs, ANewcomerFollowsThenVotesAndAnotherKeyTakesOver) {
    cluster_.start_all();
    for (int i = 0; i < 8; ++i) {
        works(static_cast<std::size_t>(i % 4), "before " + std::to_string(i));
    }
    const std::size_t fifth = cluster_.add_newcomer("org-e", "validator org-e");
    cluster_.start(fifth);
    EXPECT_TRUE(is_in(fifth, 0, "follower"));
    EXPECT_TRUE(follows(fifth));
    declares_ready("org-e", "validator org-e");
    decide(contracts::AddValidator{{"org-e", validator_key("org-e")}});
    EXPECT_TRUE(is_in(fifth, 1));
    works(fifth, "through the newcomer");
    // With five, one may be missing: now the newcomer's vote is needed.
    cluster_.stop(2);
    for (int i = 0; i < 3; ++i) {
        works(0, "needs the newcomer " + std::to_string(i));
    }
    cluster_.start(2);
    EXPECT_TRUE(is_in(2, 1));

    // org-d goes on under another key, which has been following meanwhile.
    const std::size_t other = cluster_.add_newcomer("org-d", "validator org-d, second key");
    cluster_.start(other);
    EXPECT_TRUE(follows(other));
    declares_ready("org-d", "validator org-d, second key");
    decide(contracts::RotateKey{validator_key("org-d"), key_of("validator org-d, second key").public_key()});
    EXPECT_TRUE(is_in(other, 2));
    EXPECT_TRUE(is_in(3, 2, "follower"));
    EXPECT_TRUE(is_in(fifth, 2));
    works(other, "through the new key");
    cluster_.crash(3);
    works(fifth, "without the old one");
    EXPECT_TRUE(Cluster::eventually([&] { return cluster_.agree(); }));
}

}  // namespace
}  // namespace probatum::test
