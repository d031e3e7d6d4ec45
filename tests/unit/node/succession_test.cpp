#include <mutex>

#include "cluster.h"
#include "governed_world.h"
#include "ledger/store/journal.h"

/// More validators are lost for good than the network bears; recovery authorities name who goes on, and real nodes do.
namespace probatum::test {
namespace {

contracts::Genesis recoverable_genesis() {
    contracts::Genesis out = governed_genesis();
    for (const char* const name : {"recovery-1", "recovery-2", "recovery-3"}) {
        out.recovery_authorities.push_back(key_of(name).public_key());
    }
    out.recovery_threshold = 2;
    return out;
}

class Successions : public testing::Test {
protected:
    void works(std::size_t at, std::string_view document) {
        const auto submitted = cluster_.submit(
            at, deposit(cluster_.chain_id(), document, UnixMs{node::wall_clock().raw() + 3'600'000}, "org-a/maker-1"));
        ASSERT_TRUE(submitted.has_value()) << submitted.error().to_string();
        const auto receipt = cluster_.await(at, submitted->transaction);
        ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
        ASSERT_TRUE(Cluster::eventually([&] { return cluster_.agree(); }));
    }
    static constexpr std::size_t kSurvivor = 3;
    /// Nodes 0, 1 and 2 are gone; 4, 5 and 6 are of the same organisations, under new keys.
    void lose_three() {
        for (std::size_t i = 0; i < kSurvivor; ++i) {
            cluster_.crash(i);
        }
        for (const char* const name : {"org-a", "org-b", "org-c"}) {
            cluster_.add_newcomer(name, successor(name));
        }
    }
    static std::string successor(std::string_view organisation) { return "successor of " + std::string{organisation}; }
    [[nodiscard]] contracts::Succession after(const ledger::Header& last, Epoch epoch) const {
        std::vector<ledger::Validator> next{{"org-d", validator_key("org-d")}};
        for (const char* const name : {"org-a", "org-b", "org-c"}) {
            next.push_back({name, key_of(successor(name)).public_key()});
        }
        return {ledger::id_of(last), last.height, epoch, ledger::ValidatorSet::make(std::move(next)).value(), "a fire"};
    }
    [[nodiscard]] std::vector<Bytes> by(const contracts::Succession& said,
                                        const std::vector<const char*>& names) const {
        std::vector<Bytes> out;
        for (const char* const name : names) {
            out.push_back(contracts::sign_succession(key_of(name), cluster_.chain_id(), said));
        }
        return contracts::join_succession(std::move(out), cluster_.chain_id(),
                                          {cluster_.genesis().recovery_authorities, 2})
            .value();
    }
    [[nodiscard]] bool votes_in(std::size_t i, std::uint64_t epoch) {
        return Cluster::eventually([&] {
            const auto status = cluster_[i].status();
            return status.epoch == Epoch{epoch} && status.mode == "validator";
        });
    }
    /// The survivor and the three new ones start with it. Different authorities may have signed for each.
    void go_on(const contracts::Succession& said) {
        cluster_.give_succession(kSurvivor, by(said, {"recovery-1", "recovery-2"}));
        cluster_.start(kSurvivor);
        for (std::size_t i = 4; i < 7; ++i) {
            cluster_.give_succession(i, by(said, {"recovery-2", "recovery-3"}));
            cluster_.start(i);
        }
    }

    Cluster cluster_{4, recoverable_genesis()};
};

TEST_F(Successions, SurvivorAndSuccessorsGoOnAndALostOneThatTurnsUpFollows) {
    cluster_.start_all();
    works(0, "one");
    works(1, "two");
    lose_three();
    const ledger::Header last = cluster_[kSurvivor].view()->head();
    cluster_.stop(kSurvivor);
    const contracts::Succession said = after(last, last.epoch);
    go_on(said);
    for (const std::size_t i : {3U, 4U, 5U, 6U}) {
        EXPECT_TRUE(votes_in(i, 1)) << i;
    }
    // Recorded without anybody's transaction.
    EXPECT_TRUE(Cluster::eventually([&] { return cluster_[6].view()->head().height > last.height; }));
    works(5, "three");
    const auto first = cluster_[4].view()->header(last.height.next());
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->epoch, Epoch{1});
    EXPECT_EQ(first->validators, said.next.digest());

    // One that turns up hears of the new epoch with the next block that reaches it.
    cluster_.start(0);
    int guests = 0;
    EXPECT_TRUE(Cluster::eventually([&] {
        EXPECT_TRUE(cluster_
                        .submit(5, deposit(cluster_.chain_id(), "with a guest " + std::to_string(++guests),
                                           UnixMs{node::wall_clock().raw() + 3'600'000}, "org-a/maker-1"))
                        .has_value());
        return cluster_[0].status().mode == "follower";
    }));
    EXPECT_TRUE(Cluster::eventually([&] { return cluster_.agree(); }));
    EXPECT_FALSE(cluster_.submit(0, cluster_.transaction("refused")).has_value());
}

TEST_F(Successions, WhatWasTakenUpIsRememberedAndTheJournalLeadsOverIt) {
    cluster_.start_all();
    works(0, "one");
    lose_three();
    const ledger::Header last = cluster_[kSurvivor].view()->head();
    cluster_.stop(kSurvivor);
    go_on(after(last, last.epoch));
    works(4, "two");
    for (const std::size_t i : {3U, 4U, 5U, 6U}) {
        cluster_.crash(i);
        cluster_.config(i).succession_file.clear();
    }
    fs::remove_all(cluster_.config(kSurvivor).data_dir / "state");
    for (const std::size_t i : {3U, 4U, 5U, 6U}) {
        cluster_.start(i);
    }
    works(kSurvivor, "three");
}

TEST_F(Successions, RightAfterAClosingBlockItsEpochIsPassedOver) {
    cluster_.start_all();
    works(0, "one");
    const auto act = [&](std::string_view member, contracts::ActionBody body) {
        const SecretKey key = key_of(member);
        contracts::SignerContext signer{cluster_.chain_id(),
                                        std::string{member.substr(0, member.find('/'))},
                                        key.public_key().id(),
                                        {},
                                        UnixMs{node::wall_clock().raw() + 3'600'000}};
        node::fill_random(signer.idempotency_key);
        const auto wire =
            contracts::build_transaction({.body = std::move(body)}, signer, [] { return Salt{}; })->sign(key);
        const auto submitted = cluster_.submit(0, wire);
        EXPECT_TRUE(submitted.has_value());
        const auto receipt = cluster_.await(0, submitted->transaction);
        EXPECT_TRUE(receipt.has_value() && receipt->entry.outcome.accepted());
        return submitted->transaction;
    };
    contracts::Parameters parameters;
    parameters.view_timeout_ms += 1;
    const Digest proposal =
        act("org-a/governor-1", contracts::ProposeBody{.change = contracts::ChangeParameters{parameters}});
    act("org-b/governor-1", contracts::VoteBody{proposal, contracts::Choice::accept});
    act("org-c/governor-1", contracts::VoteBody{proposal, contracts::Choice::accept});
    act("org-a/governor-1", contracts::EnactBody{proposal});
    EXPECT_TRUE(votes_in(kSurvivor, 1));
    lose_three();
    const ledger::Header last = cluster_[kSurvivor].view()->head();
    ASSERT_EQ(last.epoch, Epoch{0});
    cluster_.stop(kSurvivor);
    go_on(after(last, Epoch{1}));
    for (const std::size_t i : {3U, 4U, 5U, 6U}) {
        EXPECT_TRUE(votes_in(i, 2)) << i;
    }
    works(6, "after");
    // What was enacted stays in force.
    const auto view = std::dynamic_pointer_cast<const ledger::StateView>(cluster_[5].view());
    ASSERT_NE(view, nullptr);
    EXPECT_EQ(contracts::current_terms(*view, cluster_.genesis()).parameters, parameters);
    // A restart finds its root.
    cluster_.stop(4);
    cluster_.start(4);
    EXPECT_TRUE(votes_in(4, 2));
    works(4, "after the restart");
}

TEST_F(Successions, AChainThatHasGoneOnRefusesTheStart) {
    cluster_.start_all();
    works(0, "one");
    const ledger::Header early = cluster_[0].view()->head();
    works(0, "two");
    for (std::size_t i = 0; i < 4; ++i) {
        cluster_.stop(i);
    }
    cluster_.give_succession(0, by(after(early, early.epoch), {"recovery-1", "recovery-2"}));
    const auto refused = cluster_.open(0);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::succession_invalid);
    // Nothing was taken up: it goes on as before.
    cluster_.config(0).succession_file.clear();
    cluster_.start_all();
    works(0, "three");
}

/// The certificate that makes a block final may be on disk before the block is: then what lies below is not the last.
TEST_F(Successions, WhoKnowsAFinalityAboveTheNamedBlockDoesNotGoOn) {
    cluster_.start_all();
    works(0, "one");
    cluster_[kSurvivor].stop();
    const ledger::Header last = cluster_[kSurvivor].view()->head();
    cluster_.stop(kSurvivor);
    works(0, "two");
    ASSERT_GT(cluster_[0].view()->head().height, last.height);
    const auto above = cluster_[0].view()->finality(last.height.next());
    ASSERT_TRUE(above.has_value());
    for (std::size_t i = 0; i < kSurvivor; ++i) {
        cluster_.stop(i);
    }
    {
        ledger::store::PosixFiles files;
        const auto pass = [](ledger::store::Position, ledger::store::RecordKind, ByteView) { return Result<void>{}; };
        auto journal = ledger::store::Journal::open(files, cluster_.config(kSurvivor).data_dir / "journal",
                                                    cluster_.chain_id(), pass);
        ASSERT_TRUE(journal.has_value()) << journal.error().to_string();
        (*journal)->append(above->certificate);
        (*journal)->sync();
    }
    cluster_.give_succession(kSurvivor, by(after(last, last.epoch), {"recovery-1", "recovery-2"}));
    std::mutex mutex;
    std::optional<Error> alarm;
    auto node = node::Node::open(cluster_.config(kSurvivor), [&](const Error& error) {
        const std::lock_guard lock{mutex};
        alarm = error;
    });
    ASSERT_TRUE(node.has_value()) << node.error().to_string();
    ASSERT_TRUE((*node)->start().has_value());
    EXPECT_TRUE(Cluster::eventually([&] {
        const std::lock_guard lock{mutex};
        return alarm.has_value();
    }));
    (*node)->stop();
    ASSERT_TRUE(alarm.has_value());
    EXPECT_EQ(alarm->code, Errc::succession_invalid) << alarm->to_string();
    EXPECT_EQ((*node)->status().epoch, last.epoch);
}

/// Votes of the first one's epoch may have left this node, and nothing but the kept statements says so.
TEST_F(Successions, AnotherOneDoesNotTakeThePlaceOfOneThatIsNotRecordedHere) {
    cluster_.start_all();
    works(0, "one");
    lose_three();
    const ledger::Header last = cluster_[kSurvivor].view()->head();
    cluster_.stop(kSurvivor);
    const contracts::Succession first = after(last, last.epoch);
    cluster_.give_succession(kSurvivor, by(first, {"recovery-1", "recovery-2"}));
    cluster_.start(kSurvivor);  // alone it records nothing
    EXPECT_TRUE(votes_in(kSurvivor, 1));
    cluster_.stop(kSurvivor);
    contracts::Succession second = first;
    second.last = sha256(as_bytes("a block of the next epoch"));
    second.height = Height{last.height.raw() + 5};
    second.epoch = Epoch{1};
    cluster_.give_succession(kSurvivor, by(second, {"recovery-1", "recovery-2"}));
    const auto refused = cluster_.open(kSurvivor);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::succession_invalid);
    EXPECT_NE(refused.error().detail.find("not recorded"), std::string::npos) << refused.error().to_string();
    cluster_.config(kSurvivor).succession_file.clear();
    cluster_.start(kSurvivor);
    EXPECT_TRUE(votes_in(kSurvivor, 1)) << "it goes on from the first one";
}

TEST_F(Successions, WhatTheAuthoritiesDidNotSignBeginsNothing) {
    cluster_.start_all();
    works(0, "one");
    const ledger::Header last = cluster_[0].view()->head();
    cluster_.stop(0);
    std::vector<Bytes> statements = by(after(last, last.epoch), {"recovery-1", "recovery-2"});
    statements.pop_back();
    cluster_.give_succession(0, statements);
    const auto refused = cluster_.open(0);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::succession_invalid);
    EXPECT_NE(refused.error().field.find("succession.given"), std::string::npos);
}

}  // namespace
}  // namespace probatum::test
