#include "scenario.h"

/// Rules C8 to C10: counting votes, bad signatures, contradictions.
namespace probatum::consensus {
namespace {

Certificate formed(const Effects& effects) {
    for (const Effect& effect : effects) {
        if (const auto* persisted = std::get_if<PersistCertificate>(&effect)) {
            return persisted->certificate;
        }
    }
    return {};
}

Members signers_of(const Certificate& certificate) {
    Members members;
    for (const auto& signer : certificate.signers) {
        members.push_back(signer.index);
    }
    return members;
}

TEST(Votes, are_checked_when_there_is_a_quorum_and_not_before) {
    Scenario s;
    s.start();
    s.votes({3, 1}, kNullify, 1);
    EXPECT_EQ(s.signature_checks(), 0U);
    EXPECT_THAT(s.vote(2, kNullify, 1), has("view 2"));
    EXPECT_EQ(s.signature_checks(), 3U);
}

TEST(Votes, a_certificate_has_exactly_a_quorum_of_ascending_signers) {
    Scenario s{7, 0};
    s.start();
    s.votes({6, 2, 4, 1}, kNullify, 1);
    s.vote(3, kNullify, 1);
    EXPECT_THAT(signers_of(formed(s.last_effects())), ::testing::ElementsAre(1, 2, 3, 4, 6));
    EXPECT_TRUE(ledger::verify_certificate(formed(s.last_effects()), s.signers().set(),
                                           testing::digest_of_text("genesis"), testing::KeyedHashChecker{}));
}

TEST(Votes, for_different_blocks_or_of_different_kinds_do_not_add_up) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    EXPECT_THAT(s.vote(1, kNotarize, 1, "a"), has_no("certificate"));
    EXPECT_THAT(s.votes({2, 3}, kNotarize, 1, "b"), has_no("certificate"));
    EXPECT_THAT(s.votes({1, 2}, kFinalize, 1, "b"), has_no("certificate"));
    EXPECT_THAT(s.votes({1, 2}, kNullify, 1), has_no("certificate nullify"));
}

TEST(Votes, for_another_block_stay_out_of_the_certificate) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    s.accepted_proposal("a");
    s.vote(2, kNotarize, 1, "a");
    EXPECT_THAT(signers_of(formed(s.last_effects())), ::testing::ElementsAre(0, 1, 2));
    Scenario t;
    t.start();
    t.block("a", 1).block("b", 1);
    t.vote(1, kNotarize, 1, "b");
    t.accepted_proposal("a");
    t.certificate(kNullify, 1);
    t.vote(2, kNotarize, 1, "a");
    EXPECT_THAT(signers_of(formed(t.last_effects())), ::testing::IsEmpty());
    t.vote(3, kNotarize, 1, "a");
    EXPECT_THAT(signers_of(formed(t.last_effects())), ::testing::ElementsAre(0, 2, 3));
}

TEST(Votes, count_once_per_signer) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.votes({1, 2, 1, 2, 2}, kNullify, 1), has_no("certificate"));
}

TEST(Votes, of_strangers_or_in_the_own_name_are_nothing) {
    Scenario s;
    s.start();
    s.votes({1, 2}, kNullify, 1);
    EXPECT_THAT(s.relayed_vote(0, s.signed_vote(0, kNullify, 1)), ::testing::IsEmpty());
    EXPECT_THAT(s.tell(VoteArrived{Vote{s.target(kNullify, 1), 4, {}}, 4}), ::testing::IsEmpty());
    EXPECT_THAT(s.tell(VoteArrived{Vote{s.target(kNullify, 1), 4'000'000'000, {}}, 4'000'000'000}),
                ::testing::IsEmpty());
}

TEST(Votes, a_bad_signature_is_dropped_at_quorum_and_its_place_is_free_again) {
    Scenario s;
    s.start();
    s.forged_vote(1, kNullify, 1);
    EXPECT_THAT(s.votes({2, 3}, kNullify, 1), has_no("certificate"));
    EXPECT_THAT(s.status().misbehaving, ::testing::ElementsAre(1));
    EXPECT_THAT(s.vote(1, kNullify, 1), has("certificate nullify 1"));
}

TEST(Votes, of_one_who_was_caught_are_checked_at_once) {
    Scenario s;
    s.start();
    s.forged_vote(1, kNullify, 1);
    s.votes({2, 3}, kNullify, 1);
    const auto before = s.signature_checks();
    s.forged_vote(1, kNullify, 1);
    EXPECT_EQ(s.signature_checks(), before + 1);
    s.forged_vote(2, kNullify, 2);
    EXPECT_EQ(s.signature_checks(), before + 1);
}

TEST(Votes, a_relayed_vote_counts_if_it_holds) {
    Scenario s;
    s.start();
    s.votes({1, 2}, kNullify, 1);
    EXPECT_THAT(s.relayed_vote(1, s.signed_vote(3, kNullify, 1)), has("view 2"));
}

TEST(Votes, junk_in_anothers_name_takes_nobodys_place_and_blames_nobody) {
    Scenario s;
    s.start();
    s.relayed_vote(1, Vote{s.target(kNullify, 1), 3, {}});
    EXPECT_THAT(s.status().misbehaving, ::testing::IsEmpty());
    EXPECT_THAT(s.votes({1, 2, 3}, kNullify, 1), has("view 2"));
}

TEST(Votes, a_false_certificate_is_nothing) {
    Scenario s;
    s.start();
    const Certificate good = s.quorum(kNullify, 1);
    Certificate few = good;
    few.signers.pop_back();
    Certificate many = s.signers().certificate(s.target(kNullify, 1), {0, 1, 2, 3});
    Certificate twice = good;
    twice.signers[1] = twice.signers[0];
    Certificate unordered = good;
    std::swap(unordered.signers[0], unordered.signers[1]);
    Certificate forged = good;
    forged.signers[2].signature = {};
    Certificate other_kind = good;
    other_kind.target = s.block("a", 1).target(kNotarize, 1, "a");
    for (const Certificate& bad : {few, many, twice, unordered, forged, other_kind}) {
        EXPECT_THAT(s.tell(CertificateArrived{bad, 1}), ::testing::ElementsAre("blame 1"));
    }
    EXPECT_THAT(s.tell(CertificateArrived{good, 1}), has("view 2"));
}

TEST(Equivocation, two_blocks_in_one_view_are_told_once) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1).block("c", 1);
    s.vote(2, kNotarize, 1, "a");
    EXPECT_THAT(s.vote(2, kNotarize, 1, "b"), has("equivocation of 2"));
    EXPECT_THAT(s.vote(2, kNotarize, 1, "c"), has_no("equivocation"));
    EXPECT_THAT(s.status().misbehaving, ::testing::ElementsAre(2));
}

TEST(Equivocation, two_proposals_in_one_view) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    s.proposal("a");
    EXPECT_THAT(s.proposal("b"), has("equivocation of 1"));
}

TEST(Equivocation, finalize_and_nullify_in_one_view) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.vote(2, kNullify, 1);
    EXPECT_THAT(s.vote(2, kFinalize, 1, "a"), has("equivocation of 2"));
}

TEST(Equivocation, notarize_and_nullify_in_one_view_are_no_contradiction) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.vote(2, kNotarize, 1, "a");
    EXPECT_THAT(s.vote(2, kNullify, 1), has_no("equivocation"));
    EXPECT_THAT(s.vote(2, kFinalize, 2, "a"), has_no("equivocation"));
}

TEST(Equivocation, is_never_told_without_two_good_signatures) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    s.forged_vote(2, kNotarize, 1, "a");
    EXPECT_THAT(s.vote(2, kNotarize, 1, "b"), has_no("equivocation"));
    EXPECT_THAT(s.forged_vote(2, kNotarize, 1, "a"), has_no("equivocation"));
    EXPECT_THAT(s.votes({1, 3}, kNotarize, 1, "b"), has("certificate notarize 1 b"));
    s.vote(1, kNotarize, 2, "a");
    EXPECT_THAT(s.forged_vote(1, kNotarize, 2, "b"), has_no("equivocation"));
}

}  // namespace
}  // namespace probatum::consensus
