// docs/spec/double-financing.md: keys of the lenders, tags, ranks, release and rotation.
#include <gtest/gtest.h>

#include "claims_world.h"
#include "contracts/financed_item.h"
#include "contracts/financing.h"
#include "contracts/standing.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

using test::number;

constexpr const char* kBank = "bank-d/maker";
constexpr const char* kBankChecker = "bank-d/checker";
constexpr const char* kFactor = "factor-e/maker";
constexpr const char* kFactorChecker = "factor-e/checker";

Bytes item(std::string number) {
    return encode(FinancedItem{ItemKind::invoice, "91310000MA1FL0000B", std::move(number)});
}

struct DoubleFinancing : testing::Test {
    DoubleFinancing()
        : world{test::claims_genesis()}, first{test::key_of("lenders 1")}, second{test::key_of("lenders 2")} {}

    ledger::Outcome act(std::string_view who, ActionBody body) {
        return world.run(who, {.body = std::move(body)}).outcome;
    }
    void must(std::string_view who, ActionBody body) {
        const ledger::Outcome done = act(who, std::move(body));
        ASSERT_TRUE(done.accepted()) << who << " " << done.code << " " << done.field;
    }
    static ledger::Outcome refusal(Errc code, std::string field) { return {number(code), std::move(field)}; }
    static ProposeKeyBody names(const SecretKey& secret, std::vector<std::string> lenders = {"bank-d", "factor-e"}) {
        return {secret.public_key(), std::move(lenders), sha256(as_bytes("boxes"))};
    }
    void in_force(const SecretKey& secret) {
        must(kBankChecker, names(secret));
        must(kBank, ConfirmKeyBody{secret.public_key()});
        must(kFactor, ConfirmKeyBody{secret.public_key()});
    }
    OpenFinancingBody opening(std::string of) const {
        return {.tags = {{1, keyed_tag::tag_of(first, item(std::move(of)))}}};
    }
    /// While the first key retires.
    OpenFinancingBody opening_under_both(const std::string& of) const {
        const PublicKey old_tag = keyed_tag::tag_of(first, item(of));
        const keyed_tag::Carried carried = keyed_tag::carry_over(first, second, old_tag);
        return {.tags = {{1, old_tag}, {2, carried.tag}}, .same_item = carried.proof};
    }
    Financings under(const SecretKey& secret, std::string of) const {
        return find_financings(world.state, keyed_tag::tag_of(secret, item(std::move(of))));
    }

    test::World world;
    SecretKey first;
    SecretKey second;
};

TEST_F(DoubleFinancing, AKeyIsInForceWhenAllWhomItNamesHaveConfirmedIt) {
    EXPECT_EQ(act(kBank, names(first)), refusal(Errc::role_missing, "role"));
    EXPECT_EQ(act(kBankChecker, names(first, {"factor-e"})), refusal(Errc::terms_invalid, "lenders"));
    EXPECT_EQ(act(kBankChecker, names(first, {"bank-d", "nobody"})), refusal(Errc::terms_invalid, "lenders"));
    must(kBankChecker, names(first));
    EXPECT_EQ(act(kBank, opening("1")), refusal(Errc::financing_epochs, "tags"));
    must(kBank, ConfirmKeyBody{first.public_key()});
    EXPECT_EQ(act(kBank, ConfirmKeyBody{first.public_key()}), refusal(Errc::already_answered, "key"));
    EXPECT_EQ(act(kFactor, ConfirmKeyBody{second.public_key()}), refusal(Errc::financing_epochs, "key"));
    EXPECT_FALSE(find_lenders_keys(world.state).current.has_value());
    must(kFactor, ConfirmKeyBody{first.public_key()});
    EXPECT_EQ(find_lenders_keys(world.state).current->number, 1U);
    must(kBank, opening("1"));
}

// I15: one live financing per item.
TEST_F(DoubleFinancing, TheSecondFinancingOfAnItemIsRefused) {
    in_force(first);
    must(kBank, opening("1"));
    EXPECT_EQ(act(kFactor, opening("1")), refusal(Errc::double_financing, "tags"));
    EXPECT_EQ(act(kBank, opening("1")), refusal(Errc::double_financing, "tags"));
    must(kFactor, opening("2"));
    const Financings standing = under(first, "1");
    ASSERT_EQ(standing.standing.size(), 1U);
    EXPECT_EQ(standing.standing[0].lender, "bank-d");
    EXPECT_EQ(standing.standing[0].member, "maker");
}

TEST_F(DoubleFinancing, RanksStandBehindOneAnother) {
    in_force(first);
    OpenFinancingBody ranked = opening("1");
    ranked.rank = 2;
    EXPECT_EQ(act(kBank, ranked), refusal(Errc::terms_invalid, "rank"));
    ranked.rank = 1;
    must(kBank, ranked);
    EXPECT_EQ(act(kFactor, opening("1")), refusal(Errc::double_financing, "tags"));
    EXPECT_EQ(act(kFactor, ranked), refusal(Errc::terms_invalid, "rank"));
    ranked.rank = 2;
    must(kFactor, ranked);
    EXPECT_EQ(under(first, "1").standing.size(), 2U);
    // Whoever stands alone lets nobody behind itself.
    must(kBank, opening("2"));
    ranked = opening("2");
    ranked.rank = 1;
    EXPECT_EQ(act(kFactor, ranked), refusal(Errc::double_financing, "tags"));
}

TEST_F(DoubleFinancing, AReleasedItemLeavesNoTraceAndMayBeFinancedAgain) {
    in_force(first);
    must(kBank, opening("1"));
    const PublicKey tag = opening("1").tags[0].tag;
    EXPECT_EQ(act(kFactor, ReleaseFinancingBody{tag}), refusal(Errc::financing_unknown, "tag"));
    must(kBank, ReleaseFinancingBody{tag});
    EXPECT_FALSE(world.state.get(state_keys::financing(tag)).has_value());
    EXPECT_EQ(find_lenders_keys(world.state).current->items, 0U);
    EXPECT_EQ(act(kBank, ReleaseFinancingBody{tag}), refusal(Errc::financing_unknown, "tag"));
    must(kFactor, opening("1"));
}

TEST_F(DoubleFinancing, AKeyUnderWhichNothingStandsGoesAtOnce) {
    in_force(first);
    in_force(second);
    const LendersKeys keys = find_lenders_keys(world.state);
    EXPECT_FALSE(keys.retiring.has_value());
    EXPECT_EQ(keys.current->number, 2U);
}

// Nothing is missed while two keys are in force: both tags are asked for, and shown to be of one item.
TEST_F(DoubleFinancing, ARetiringKeyStaysInForceWhileSomethingStandsUnderIt) {
    in_force(first);
    must(kBank, opening("1"));
    in_force(second);
    EXPECT_EQ(find_lenders_keys(world.state).retiring->number, 1U);
    EXPECT_EQ(act(kFactor, opening("1")), refusal(Errc::financing_epochs, "tags"));
    EXPECT_EQ(act(kFactor, OpenFinancingBody{.tags = {{2, keyed_tag::tag_of(second, item("1"))}}}),
              refusal(Errc::financing_epochs, "tags"));
    EXPECT_EQ(act(kFactor, opening_under_both("1")), refusal(Errc::double_financing, "tags"));
    OpenFinancingBody lying = opening_under_both("1");
    lying.tags[0].tag = keyed_tag::tag_of(first, item("another"));
    EXPECT_EQ(act(kFactor, lying), refusal(Errc::tag_proof_invalid, "same_item"));
    lying = opening_under_both("2");
    lying.same_item.reset();
    EXPECT_EQ(act(kFactor, lying), refusal(Errc::tag_proof_invalid, "same_item"));
    must(kFactor, opening_under_both("2"));
    EXPECT_TRUE(under(first, "2").standing.empty());
    EXPECT_EQ(under(second, "2").standing.size(), 1U);
    EXPECT_EQ(act(kBankChecker, names(test::key_of("lenders 3"))), refusal(Errc::wrong_state, "key"));
}

TEST_F(DoubleFinancing, TagsAreCarriedOverInPublicAndTheOldKeyGoes) {
    in_force(first);
    must(kBank, opening("1"));
    must(kFactor, opening("2"));
    in_force(second);
    const auto retag = [&](const std::string& of) {
        const PublicKey old_tag = keyed_tag::tag_of(first, item(of));
        const keyed_tag::Carried carried = keyed_tag::carry_over(first, second, old_tag);
        return RetagBody{old_tag, carried.tag, carried.proof};
    };
    RetagBody wrong = retag("1");
    wrong.to = retag("2").to;
    EXPECT_EQ(act(kFactor, wrong), refusal(Errc::tag_proof_invalid, "proof"));
    EXPECT_EQ(act(kFactor, retag("3")), refusal(Errc::financing_unknown, "from"));
    must(kFactor, retag("1"));  // Any lender may do it for all.
    EXPECT_EQ(under(second, "1").standing[0].lender, "bank-d");
    EXPECT_TRUE(under(first, "1").standing.empty());
    must(kBank, retag("2"));
    EXPECT_FALSE(find_lenders_keys(world.state).retiring.has_value());
    EXPECT_EQ(find_lenders_keys(world.state).current->items, 2U);
    EXPECT_EQ(act(kFactor, OpenFinancingBody{.tags = {{2, keyed_tag::tag_of(second, item("1"))}}}),
              refusal(Errc::double_financing, "tags"));
}

TEST_F(DoubleFinancing, RanksOfBothKeysAreJoinedWhenATagIsCarriedOver) {
    in_force(first);
    OpenFinancingBody ranked = opening("1");
    ranked.rank = 1;
    must(kBank, ranked);
    in_force(second);
    ranked = opening_under_both("1");
    ranked.rank = 1;
    EXPECT_EQ(act(kFactor, ranked), refusal(Errc::terms_invalid, "rank"));
    ranked.rank = 2;
    must(kFactor, ranked);
    const keyed_tag::Carried carried = keyed_tag::carry_over(first, second, ranked.tags[0].tag);
    must(kBank, RetagBody{ranked.tags[0].tag, carried.tag, carried.proof});
    const Financings joined = under(second, "1");
    ASSERT_EQ(joined.standing.size(), 2U);
    EXPECT_EQ(joined.standing[0].lender, "bank-d");
    EXPECT_EQ(joined.standing[1].lender, "factor-e");
}

TEST_F(DoubleFinancing, NobodyIsShutOutByAMinority) {
    in_force(first);
    EXPECT_EQ(act(kFactorChecker, names(second, {"factor-e"})), refusal(Errc::terms_invalid, "lenders"));
    must(kFactorChecker, names(second));
    EXPECT_EQ(act(kBankChecker, names(test::key_of("lenders 3"))), refusal(Errc::offer_pending, "key"));
}

// A lender that knows the next key makes a tag of it while the present one is alone in force.
TEST_F(DoubleFinancing, ATagThatWasTakenUnderTheKeyBeforeIsCarriedOverFirst) {
    in_force(first);
    must(kFactor, opening("1"));
    must(kBankChecker, names(second));
    const PublicKey old_tag = opening("1").tags[0].tag;
    const keyed_tag::Carried to = keyed_tag::carry_over(first, second, old_tag);
    must(kBank, OpenFinancingBody{.tags = {{1, to.tag}}});
    must(kBank, ConfirmKeyBody{second.public_key()});
    must(kFactor, ConfirmKeyBody{second.public_key()});
    EXPECT_EQ(act(kFactor, RetagBody{old_tag, to.tag, to.proof}), refusal(Errc::financing_epochs, "to"));
    const keyed_tag::Carried away = keyed_tag::carry_over(first, second, to.tag);
    must(kFactor, RetagBody{to.tag, away.tag, away.proof});
    must(kFactor, RetagBody{old_tag, to.tag, to.proof});
    const LendersKeys keys = find_lenders_keys(world.state);
    EXPECT_FALSE(keys.retiring.has_value());
    EXPECT_EQ(keys.current->items, 2U);
    must(kBank, ReleaseFinancingBody{away.tag});
    must(kFactor, ReleaseFinancingBody{to.tag});
    EXPECT_EQ(find_lenders_keys(world.state).current->items, 0U);
}

TEST_F(DoubleFinancing, AProposalThatNobodyConfirmsGivesWayAfterAWeek) {
    must(kFactorChecker, names(first));
    world.time = UnixMs{world.time.raw() + kKeyPatienceMs - 10'000};
    EXPECT_EQ(act(kBankChecker, names(second)), refusal(Errc::offer_pending, "key"));
    world.time = UnixMs{world.time.raw() + 10'000};
    must(kBankChecker, names(second));
    EXPECT_EQ(find_lenders_keys(world.state).proposed->proposer, "bank-d");
    EXPECT_EQ(act(kFactorChecker, names(first)), refusal(Errc::offer_pending, "key"));
}

/// The organisation has left the consortium. The world has no electors, so it is written as they would.
void leaves(test::World& world, const std::string& organisation) {
    world.state.values[state_keys::standing(organisation)] =
        encode(Standing{.status = OrganisationStatus::left, .since = Height{1}, .members = 2});
}

TEST_F(DoubleFinancing, WhoHasLeftHoldsUpNobody) {
    must(kFactorChecker, names(first));
    leaves(world, "factor-e");
    EXPECT_EQ(act(kBankChecker, names(second)), refusal(Errc::terms_invalid, "lenders"));
    must(kBankChecker, names(second, {"bank-d"}));
}

TEST_F(DoubleFinancing, WhoHasLeftIsNotCountedAmongThoseWhoStay) {
    in_force(first);
    leaves(world, "factor-e");
    must(kBankChecker, names(second, {"bank-d"}));
    must(kBank, ConfirmKeyBody{second.public_key()});
    EXPECT_EQ(find_lenders_keys(world.state).current->number, 2U);
}

TEST(FinancedItem, HasOneSpelling) {
    const FinancedItem given{ItemKind::warehouse_receipt, "9131 0000ma1fl0000b", " wr-2026/1 "};
    const FinancedItem spelled = normalised(given).value();
    EXPECT_EQ(spelled.issuer, "91310000MA1FL0000B");
    EXPECT_EQ(spelled.number, "WR-2026/1");
    EXPECT_EQ(decode_financed_item(encode(spelled)).value(), spelled);
    EXPECT_EQ(decode_financed_item(encode(given)).error().code, Errc::not_deterministic);
    EXPECT_EQ(normalised({ItemKind::order, "", "1"}).error().field, "issuer");
    EXPECT_EQ(normalised({ItemKind::order, "A", "仓单"}).error().field, "number");
}

}  // namespace
}  // namespace probatum::contracts
