#include "node/driver.h"

#include <gtest/gtest.h>

#include "governed_world.h"
#include "held_driver.h"
#include "node/serving_places.h"

/// What the consensus lane does with what comes at an awkward moment: docs/spec/node.md.
namespace probatum::test {
namespace {

using ledger::VoteKind;
using namespace std::chrono_literals;

contracts::Genesis recoverable_genesis() {
    contracts::Genesis out = governed_genesis();
    for (const char* const name : {"recovery-1", "recovery-2"}) {
        out.recovery_authorities.push_back(key_of(name).public_key());
    }
    out.recovery_threshold = 2;
    return out;
}

/// The chain that the peers have.
struct Leader : SoloChain {
    using SoloChain::SoloChain;

    std::vector<ledger::BlockPtr> build_chain(std::size_t length) {
        std::vector<ledger::BlockPtr> out;
        while (out.size() < length) {
            out.push_back(build(out.empty() ? nullptr : out.back())->block);
        }
        return out;
    }
    ledger::Certificate finality(const ledger::BlockPtr& block) const {
        const ledger::VoteTarget target{VoteKind::finalize, block->header.epoch, block->header.view, block->id};
        return {target, {{0, {}}, {1, {}}, {2, {}}}};
    }
    node::RangeMessage range(const std::vector<ledger::BlockPtr>& blocks) const {
        node::RangeMessage out{blocks.front()->header.height, {}, finality(blocks.back())};
        for (const auto& block : blocks) {
            out.blocks.push_back(ledger::encode(*block));
        }
        return out;
    }
    node::SuccessionPlan plan(const ledger::BlockPtr& last, const std::string& who = "successor of ") const {
        std::vector<ledger::Validator> next{{"org-d", validator_key("org-d")}};
        for (const char* const name : {"org-a", "org-b", "org-c"}) {
            next.push_back({name, key_of(who + name).public_key()});
        }
        contracts::Succession said{last->id, last->header.height, last->header.epoch,
                                   ledger::ValidatorSet::make(std::move(next)).value(), "a fire"};
        auto statements =
            contracts::join_succession({contracts::sign_succession(key_of("recovery-1"), chain_id_, said),
                                        contracts::sign_succession(key_of("recovery-2"), chain_id_, said)},
                                       chain_id_, {genesis_.recovery_authorities, 2});
        return {std::move(said), std::move(statements).value()};
    }
    /// The first block of the epoch that the plan begins.
    ledger::BlockPtr record(const node::SuccessionPlan& plan, const ledger::BlockPtr& last) {
        executor_->accept_succession(last->id, plan.statements);
        auto request = request_on(last);
        request.view = View{1};
        request.parent_certificate = finality(last);
        request.proposer = consensus::leader_of(plan.said.epoch.next(), View{1}, plan.said.next.size());
        return executor_->build(request)->block;
    }
};

TEST(Driver, BlocksOfTheOldEpochThatComeAfterASuccessionBeganAreAnAlarmAndNothingElse) {
    Leader leader{recoverable_genesis()};
    const auto chain = leader.build_chain(3);
    HeldDriver node{recoverable_genesis(), leader.plan(chain[0])};
    node.start();
    node.connect(0, Height{1});
    node.hear(0, leader.range({chain[0]}));
    node.execute();
    ASSERT_EQ(node.final_height(), Height{1});
    // Somebody who was taken for lost has more, and his answer is being executed when the succession begins.
    node.connect(1, Height{3});
    node.hear(1, leader.range({chain[1], chain[2]}));
    ASSERT_EQ(node.execution_.waiting(), 1U);
    node.commit();
    ASSERT_EQ(node.epoch(), Epoch{1});
    ASSERT_TRUE(node.alarms_.empty());
    node.execute();
    ASSERT_EQ(node.alarms_.size(), 1U);
    EXPECT_EQ(node.alarms_.front().code, Errc::succession_invalid);
    EXPECT_EQ(node.final_height(), Height{1});
    node.commit();
    EXPECT_EQ(node.committer_->view()->head().height, Height{1});
}

/// Two disasters in the past: the epoch between them begins and ends before the first of its blocks is written.
TEST(Driver, ASuccessionIsFollowedAlthoughItsLastBlockIsNotWrittenYet) {
    Leader leader{recoverable_genesis()};
    const auto last = leader.build_chain(1).front();
    const auto first = leader.record(leader.plan(last), last);
    const auto second = leader.record(leader.plan(first, "second successor of "), first);
    HeldDriver node{recoverable_genesis()};
    node.start();
    node.connect(0, Height{3});
    for (const auto& block : {last, first, second}) {
        node.hear(0, leader.range({block}));
        node.execute();
    }
    EXPECT_TRUE(node.alarms_.empty());
    EXPECT_EQ(node.epoch(), Epoch{2});
    EXPECT_EQ(node.final_height(), Height{3});
    node.commit();
    EXPECT_EQ(node.committer_->view()->head_id(), second->id);
}

TEST(Driver, WhoCatchesUpWaitsForItsDisk) {
    constexpr std::size_t kOfRange = 10;
    Leader leader{recoverable_genesis()};
    const auto chain = leader.build_chain(120);
    HeldDriver node{recoverable_genesis()};
    node.start();
    node.connect(0, Height{120});
    const auto serve = [&] {
        for (auto asked = node.asked(); !asked.empty(); asked = node.asked()) {
            const auto from = static_cast<std::ptrdiff_t>(asked.back().second.raw()) - 1;
            const auto end = std::min(from + static_cast<std::ptrdiff_t>(kOfRange), std::ssize(chain));
            node.hear(0, leader.range({chain.begin() + from, chain.begin() + end}));
            node.execute();
        }
    };
    serve();
    EXPECT_LT(node.final_height(), Height{120});
    EXPECT_LE(node.commit_->waiting(), 64 + kOfRange);
    node.commit();
    serve();
    EXPECT_EQ(node.final_height(), Height{120}) << "it goes on when they are written";
}

/// Each answer takes a second longer than the first patience; all peers are on the same slow line.
TEST(Driver, OnASlowLineAnswersGetLongerToComeIn) {
    Leader leader{recoverable_genesis()};
    const auto chain = leader.build_chain(2);
    HeldDriver node{recoverable_genesis()};
    node.start();
    for (node::PeerId peer = 0; peer < 3; ++peer) {
        node.connect(peer, Height{2});
    }
    std::vector<std::pair<int, node::PeerId>> under_way;
    for (int second = 0; second < 40 && node.final_height() < Height{2}; ++second) {
        for (const auto& [peer, from] : node.asked()) {
            under_way.emplace_back(second + 4, peer);
        }
        for (const auto& [when, peer] : under_way) {
            if (when == second) {
                node.hear(peer, leader.range(chain));
                node.execute();
            }
        }
        node.clock_.moment += 1s;
        node.consensus_.run();
    }
    EXPECT_EQ(node.final_height(), Height{2});
}

TEST(Driver, BlocksThatAreNotCommittedAreHandedOutAwayFromTheLaneOfConsensusAndAFewAtATime) {
    Leader leader{recoverable_genesis()};
    const auto chain = leader.build_chain(1);
    HeldDriver node{recoverable_genesis()};
    node.start();
    node.connect(0, Height{1});
    node.hear(0, leader.range(chain));
    node.execute();
    ASSERT_EQ(node.commit_->waiting(), 1U);
    node.network_.sent.clear();
    for (int i = 0; i < 1'000; ++i) {
        node.hear(1, node::FetchBlockMessage{chain[0]->id});
        node.hear(2, node::FetchTransactionsMessage{chain[0]->id, {}});
    }
    EXPECT_TRUE(node.network_.sent.empty());
    EXPECT_LE(node.answers_.waiting(), 8U);
    node.answers_.run();
    ASSERT_FALSE(node.network_.sent.empty());
    const auto* answer = std::get_if<node::BlockMessage>(&node.network_.sent.front().message);
    ASSERT_NE(answer, nullptr);
    EXPECT_EQ(answer->block, ledger::encode(*chain[0]));
    // Answered, so there is room for the next question.
    node.hear(1, node::FetchBlockMessage{chain[0]->id});
    EXPECT_EQ(node.answers_.waiting(), 1U);
}

TEST(Driver, ObserversDoNotTakeThePlacesOfThoseWhoCatchUp) {
    HeldDriver node{recoverable_genesis()};
    node.start();
    for (int i = 0; i < 1'000; ++i) {
        node.driver_->serve_range_to(node::kFirstObserver + static_cast<node::PeerId>(i % 32), Height{1});
    }
    EXPECT_LE(node.serving_.waiting(), 16U);
    const std::size_t before = node.serving_.waiting();
    node.driver_->serve_range_to(1, Height{1});
    EXPECT_EQ(node.serving_.waiting(), before + 1);
    node.serving_.run();
    EXPECT_EQ(node.network_.sent.back().to, 1U);
}

/// One observer has one place, so that a single connection does not even keep other observers out.
TEST(ServingPlaces, AreGivenBackAndCountedForEach) {
    node::ServingPlaces places{{.of_validator = 2, .of_observer = 1, .of_observers = 2}};
    EXPECT_TRUE(places.take(7));
    EXPECT_TRUE(places.take(7));
    EXPECT_FALSE(places.take(7));
    EXPECT_TRUE(places.take(8));
    places.give_back(7);
    EXPECT_TRUE(places.take(7));
    EXPECT_TRUE(places.take(node::kFirstObserver));
    EXPECT_FALSE(places.take(node::kFirstObserver));
    EXPECT_TRUE(places.take(node::kFirstObserver + 1));
    EXPECT_FALSE(places.take(node::kFirstObserver + 2));
    EXPECT_TRUE(places.take(node::kFirstSource));
    places.give_back(node::kFirstObserver);
    EXPECT_TRUE(places.take(node::kFirstObserver + 2));
}

/// A peer's number is its own; its position moves with the set.
TEST(Driver, TheProposerCompletesItsProposalAlsoWhenItsPositionIsNotItsNumber) {
    const contracts::Genesis genesis = governed_genesis();
    Leader leader{genesis};
    HeldDriver node{genesis};
    // The first of genesis has left: whoever remains stands one place before its number.
    auto terms = contracts::terms_of_child(*node.committer_->view(), genesis);
    const ledger::ValidatorSet before = terms.validators;
    const auto& all = before.all();
    terms.validators = ledger::ValidatorSet::make({all.begin() + 1, all.end()}).value();
    terms.epoch = Epoch{1};
    const auto rules = node::make_rules(node.chain_id_, genesis.time, terms);
    const Digest root = sha256(as_bytes("the block that closed epoch 0"));
    const ledger::Certificate finality{{VoteKind::finalize, Epoch{0}, View{1}, root}, {{0, {}}, {1, {}}, {2, {}}}};
    node.start(rules, {root, Height{1}, consensus::Closing{before, finality}}, rules->validators.at(0).key.id());
    ledger::Header header;
    header.chain_id = node.chain_id_;
    header.epoch = Epoch{1};
    header.height = Height{2};
    header.view = View{1};
    header.parent = root;
    header.proposer = consensus::leader_of(Epoch{1}, View{1}, 3);
    header.time = UnixMs{1'795'000'200'000};
    header.validators = rules->validators.digest();
    header.next_validators = header.validators;
    ASSERT_NE(header.proposer, 0U);
    const node::PeerId proposer = header.proposer + 1;
    const auto wire = deposit(node.chain_id_, "unknown here", UnixMs{1'795'001'000'000}, "org-a/maker-1");
    const auto block = ledger::make_block(header, finality, {*ledger::Transaction::decode(wire)});
    const ledger::Vote vote{{VoteKind::notarize, Epoch{1}, View{1}, block->id}, header.proposer, {}};
    node.network_.sent.clear();
    node.hear(proposer, node::proposal_of(*block, vote));
    ASSERT_EQ(node.network_.sent.size(), 1U);
    EXPECT_EQ(node.network_.sent.front().to, proposer);
    ASSERT_TRUE(std::holds_alternative<node::FetchTransactionsMessage>(node.network_.sent.front().message));
    ASSERT_EQ(node.execution_.waiting(), 0U);
    node.hear(proposer, node::BlockTransactionsMessage{block->id, {wire}});
    EXPECT_EQ(node.execution_.waiting(), 1U) << "whole, and to be checked";
}

}  // namespace
}  // namespace probatum::test
