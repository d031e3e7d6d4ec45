#include "scenario.h"

/// Rule C22: who is kept away for a while, and who is not.
namespace probatum::consensus {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

TEST(Blame, falls_on_who_signed_badly_once_it_is_found_out) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.forged_vote(1, kNullify, 1), has_no("blame"));
    EXPECT_THAT(s.vote(2, kNullify, 1), has_no("blame"));
    EXPECT_THAT(s.vote(3, kNullify, 1), has("blame 1"));
    EXPECT_THAT(s.vote(1, kNullify, 1), has_no("blame"));
    EXPECT_THAT(s.forged_vote(1, kNullify, 2), ElementsAre("blame 1"));
}

TEST(Blame, falls_on_who_sent_a_certificate_that_is_none) {
    Scenario s;
    s.start();
    Certificate forged = s.quorum(kNullify, 1);
    forged.signers[2].signature = {};
    EXPECT_THAT(s.tell(CertificateArrived{forged, 3}), ElementsAre("blame 3"));
    EXPECT_THAT(s.certificate(kNullify, 1, {}, 2), has_no("blame"));
    // Settled already: not looked at any more, so nobody is accused.
    EXPECT_THAT(s.tell(CertificateArrived{forged, 3}), has_no("blame"));
}

TEST(Blame, falls_on_who_proposed_with_a_bad_vote_or_an_unproven_parent) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("a"), Vote{s.target(kNotarize, 1, "a"), 1, {}}, std::nullopt}),
                ElementsAre("blame 1"));
    Certificate forged = s.quorum(kNotarize, 1, "a");
    forged.signers[1].signature = {};
    const Vote leader_vote = s.signed_vote(2, kNotarize, 2, "b");
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("b"), leader_vote, forged}), ElementsAre("blame 2"));
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("b"), leader_vote, std::nullopt}), ElementsAre("blame 2"));
}

TEST(Blame, is_one_for_one_step_however_much_is_found) {
    Scenario s{7, 0};
    s.start();
    s.forged_vote(1, kNullify, 1);
    s.forged_vote(2, kNullify, 1);
    s.votes({3, 4}, kNullify, 1);
    const Lines found = s.vote(5, kNullify, 1);
    EXPECT_EQ(std::ranges::count(found, "blame 1"), 1);
    EXPECT_EQ(std::ranges::count(found, "blame 2"), 1);
}

TEST(Blame, falls_on_nobody_for_what_it_passes_on) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.relayed_vote(1, Vote{s.target(kNullify, 1), 3, {}}), has_no("blame"));
    EXPECT_THAT(s.relayed_vote(1, s.signed_vote(3, kNullify, 1)), has_no("blame"));
}

TEST(Blame, is_not_needed_to_bound_the_checks_of_votes_passed_on) {
    Scenario s;
    s.start();
    const Vote junk{s.target(kNullify, 1), 3, {}};
    for (int i = 0; i < 100; ++i) {
        s.relayed_vote(1, junk);
    }
    EXPECT_EQ(s.signature_checks(), 4U);
    // Others are still heard, and in the next view everybody is again.
    s.relayed_vote(2, junk);
    EXPECT_EQ(s.signature_checks(), 5U);
    s.certificate(kNullify, 1, {}, 2);
    const auto before = s.signature_checks();
    s.relayed_vote(1, Vote{s.target(kNullify, 2), 3, {}});
    EXPECT_EQ(s.signature_checks(), before + 1);
}

TEST(Blame, falls_on_nobody_of_another_epoch) {
    Scenario s{4, 0, {}, Epoch{1}};
    s.start();
    for (const Epoch epoch : {Epoch{0}, Epoch{2}}) {
        VoteTarget target = s.target(kNullify, 1);
        target.epoch = epoch;
        EXPECT_THAT(s.tell(CertificateArrived{Certificate{target, {}}, 1}), has_no("blame"));
        EXPECT_THAT(s.tell(VoteArrived{Vote{target, 1, {}}, 1}), has_no("blame"));
    }
}

}  // namespace
}  // namespace probatum::consensus
