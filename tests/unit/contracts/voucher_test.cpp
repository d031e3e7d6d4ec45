// The rules of docs/spec/claims.md, "Vouchers", one by one.
#include <gtest/gtest.h>

#include <ctime>

#include "claims_world.h"
#include "contracts/invariants.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

using test::ClaimWorld;
using test::day;
using test::number;
using test::sample_voucher;

constexpr const char* kIssuer = "core-a/cfo";
constexpr const char* kFirst = "supplier-b/cfo";
constexpr const char* kSecond = "supplier-c/cfo";
constexpr const char* kBank = "bank-d/maker";
constexpr const char* kFactor = "factor-e/checker";
constexpr const char* kSettler = "bank-s/settler";

struct Voucher : testing::Test {
    Voucher() : world{sample_voucher(), kIssuer} {}
    ledger::Outcome outcome(std::string_view who, ActionBody body) { return world.act(who, std::move(body)).outcome; }
    static ledger::Outcome refusal(Errc code, std::string field) { return {number(code), std::move(field)}; }
    static FinancePieceBody financing(std::uint64_t piece, MinorAmount price) {
        return {.currency = test::cny(), .piece = piece, .lender = "bank-d", .price_minor = price, .recourse = true};
    }
    ClaimWorld world;
};

TEST_F(Voucher, IsIssuedByTheIssuerAndAcceptedByTheFirstHolder) {
    world.registered();
    EXPECT_EQ(world.standing().phase, Phase::registered);
    EXPECT_EQ(outcome(kFirst, IssueBody{}), refusal(Errc::role_missing, "role"));
    EXPECT_EQ(outcome(kFirst, AcceptPieceBody{}), refusal(Errc::wrong_state, "phase"));
    world.must(kIssuer, IssueBody{});
    EXPECT_EQ(world.voucher().pieces[0].state, PieceState::offered);
    world.must(kFirst, AcceptPieceBody{});
    EXPECT_EQ(world.voucher().pieces[0].state, PieceState::live);
    EXPECT_EQ(world.voucher().pieces[0].amount_minor, 10'000);
    EXPECT_EQ(outcome(kIssuer, IssueBody{}), refusal(Errc::wrong_state, "phase"));
}

TEST_F(Voucher, OfWhichNobodyWantsToKnowIsCancelled) {
    world.registered();
    world.must(kIssuer, IssueBody{});
    world.must(kFirst, AcceptPieceBody{.answer = Answer::object});
    EXPECT_EQ(world.voucher().pieces[0].state, PieceState::cancelled);
    EXPECT_EQ(world.voucher().open_minor(), 0);
}

TEST_F(Voucher, TheIssuerTakesBackWhatNobodyHasAcceptedAndNothingElse) {
    world.issued();
    EXPECT_EQ(outcome(kIssuer, CancelPieceBody{}), refusal(Errc::not_the_holder, "piece"));
    ClaimWorld other{sample_voucher(), kIssuer};
    other.registered();
    other.must(kIssuer, IssueBody{});
    other.must(kIssuer, CancelPieceBody{});
    EXPECT_EQ(other.voucher().pieces[0].state, PieceState::cancelled);
}

TEST_F(Voucher, NeedsTheGuarantorsSignatureWhereThereIsOne) {
    RegisterBody body = sample_voucher();
    body.parties.push_back({"guarantor-g", Capacity::guarantor});
    ClaimWorld guaranteed{body, kIssuer};
    guaranteed.registered();
    EXPECT_EQ(guaranteed.act(kIssuer, IssueBody{}).outcome, refusal(Errc::not_signed, "signatures"));
    guaranteed.must("guarantor-g/cfo", SignBody{.documents = {body.documents[0].digests}});
    guaranteed.must(kIssuer, IssueBody{});
}

// I14: the live children sum to the parent's remainder.
TEST_F(Voucher, IsSplitIntoPiecesThatAreTheWhole) {
    world.issued();
    EXPECT_EQ(outcome(kFirst, world.splits(1, {6'000, 4'001})), refusal(Errc::amount_invalid, "amounts"));
    EXPECT_EQ(outcome(kFirst, world.splits(1, {10'000})), refusal(Errc::amount_invalid, "amounts"));
    EXPECT_EQ(outcome(kFirst, world.splits(1, {10'000, 0})), refusal(Errc::amount_invalid, "amounts"));
    EXPECT_EQ(outcome(kIssuer, world.splits(1, {6'000, 4'000})), refusal(Errc::role_missing, "role"));
    world.must(kFirst, world.splits(1, {6'000, 3'000, 1'000}));
    EXPECT_EQ(world.voucher().pieces.size(), 4U);
    EXPECT_EQ(world.voucher().pieces[0].state, PieceState::split);
    EXPECT_EQ(world.voucher().pieces[3].parent, 1U);
    EXPECT_EQ(world.voucher().open_minor(), 10'000);
    EXPECT_EQ(outcome(kFirst, world.splits(1, {6'000, 4'000})), refusal(Errc::wrong_state, "piece"));
}

TEST_F(Voucher, MovesByTheHoldersOfferAndTheReceiversWord) {
    world.issued();
    EXPECT_EQ(outcome(kFirst, TransferBody{1, "nobody"}), refusal(Errc::terms_invalid, "to"));
    EXPECT_EQ(outcome(kFirst, TransferBody{1, "core-a"}), refusal(Errc::terms_invalid, "to"));
    const Execution offered = world.act(kFirst, TransferBody{1, "supplier-c"});
    ASSERT_TRUE(offered.outcome.accepted());
    ASSERT_EQ(offered.index.size(), 1U);
    EXPECT_EQ(as_text(offered.index[0].key), "supplier-c");
    EXPECT_EQ(outcome(kFirst, TransferBody{1, "bank-d"}), refusal(Errc::offer_pending, "piece"));
    EXPECT_EQ(outcome(kFirst, world.splits(1, {1, 9'999})), refusal(Errc::offer_pending, "piece"));
    EXPECT_EQ(outcome(kBank, AcceptPieceBody{1}), refusal(Errc::not_a_party, "issuer"));
    world.must(kSecond, AcceptPieceBody{1});
    EXPECT_EQ(world.voucher().pieces[0].holder, "supplier-c");
    EXPECT_EQ(world.voucher().pieces[0].level, 1U);
    EXPECT_EQ(outcome(kFirst, TransferBody{1, "bank-d"}), refusal(Errc::not_the_holder, "piece"));
}

TEST_F(Voucher, AnOfferIsWithdrawnOrDeclined) {
    world.issued();
    world.must(kFirst, TransferBody{1, "supplier-c"});
    world.must(kFirst, WithdrawPieceBody{1});
    EXPECT_EQ(outcome(kSecond, AcceptPieceBody{1}), refusal(Errc::not_a_party, "issuer"));
    EXPECT_EQ(outcome(kFirst, WithdrawPieceBody{1}), refusal(Errc::wrong_state, "piece"));
    world.must(kFirst, TransferBody{1, "supplier-c"});
    world.must(kSecond, AcceptPieceBody{1, Answer::object});
    EXPECT_EQ(world.voucher().pieces[0].holder, "supplier-b");
    EXPECT_EQ(world.voucher().pieces[0].level, 0U);
}

TEST_F(Voucher, ChangesHandsNoMoreOftenThanItsTermsAllow) {
    world.issued();
    const char* const chain[]{kFirst, kSecond, kFirst, kSecond};
    for (std::size_t i = 0; i < 3; ++i) {
        world.must(chain[i], TransferBody{1, std::string{std::string_view{chain[i + 1]}.substr(0, 10)}});
        world.must(chain[i + 1], AcceptPieceBody{1});
    }
    EXPECT_EQ(outcome(kSecond, TransferBody{1, "bank-d"}), refusal(Errc::level_exceeded, "piece"));
}

TEST_F(Voucher, IsFinancedByALenderForAPrice) {
    world.issued();
    EXPECT_EQ(outcome(kFirst, financing(1, 10'001)), refusal(Errc::amount_invalid, "price"));
    world.must(kFirst, financing(1, 9'700));
    world.must(kBank, AcceptPieceBody{1});
    EXPECT_EQ(world.voucher().pieces[0].holder, "bank-d");
    EXPECT_TRUE(world.voucher().pieces[0].financed);
}

TEST_F(Voucher, OnlyALendersOwnPeopleAcceptAFinancing) {
    world.issued();
    FinancePieceBody body = financing(1, 9'700);
    body.lender = "supplier-c";
    world.must(kFirst, body);
    EXPECT_EQ(outcome(kSecond, AcceptPieceBody{1}), refusal(Errc::role_missing, "role"));
}

TEST_F(Voucher, DoesNotMoveAfterItsDueDate) {
    world.issued();
    world.must(kFirst, TransferBody{1, "supplier-c"});
    world.sleep_until("2027-05-19");
    EXPECT_EQ(outcome(kSecond, AcceptPieceBody{1}), refusal(Errc::voucher_due, "due"));
    world.must(kFirst, WithdrawPieceBody{1});
    EXPECT_EQ(outcome(kFirst, TransferBody{1, "supplier-c"}), refusal(Errc::voucher_due, "due"));
    EXPECT_EQ(outcome(kFirst, world.splits(1, {1, 9'999})), refusal(Errc::voucher_due, "due"));
    EXPECT_EQ(outcome(kFirst, financing(1, 9'700)), refusal(Errc::voucher_due, "due"));
}

TEST_F(Voucher, IsRedeemedWholeAndOnce) {
    world.issued();
    world.must(kFirst, world.splits(1, {6'000, 4'000}));
    EXPECT_EQ(outcome(kIssuer, world.redeems(2, 6'000)), refusal(Errc::not_due, "value_date"));
    world.sleep_until("2027-05-18");
    EXPECT_EQ(outcome(kIssuer, world.redeems(2, 5'999)), refusal(Errc::amount_invalid, "amount"));
    EXPECT_EQ(outcome(kIssuer, world.redeems(1, 10'000)), refusal(Errc::wrong_state, "piece"));
    world.must(kIssuer, world.redeems(2, 6'000));
    EXPECT_EQ(outcome(kIssuer, world.redeems(2, 6'000)), refusal(Errc::wrong_state, "piece"));
    EXPECT_EQ(world.voucher().open_minor(), 4'000);
    EXPECT_EQ(outcome(kFirst, SettleBody{}), refusal(Errc::balance_outstanding, "amount"));
    world.must(kSettler, world.redeems(3, 4'000));
    world.must(kFirst, AcknowledgeBody{5, Answer::accept});
    EXPECT_EQ(world.voucher().redemptions, (Totals{.claimed_minor = 6'000, .acknowledged_minor = 4'000}));
    EXPECT_EQ(outcome(kFirst, SettleBody{}), refusal(Errc::balance_outstanding, "claimed"));
    world.must(kFirst, AcknowledgeBody{4, Answer::accept});
    world.must(kFirst, SettleBody{});
    EXPECT_EQ(world.standing().phase, Phase::settled);
}

TEST_F(Voucher, TheIssuerDoesNotSettleOnItsOwnWord) {
    world.issued();
    world.sleep_until("2027-05-18");
    world.must(kIssuer, world.redeems(1, 10'000));  // Event 3.
    EXPECT_EQ(outcome(kIssuer, SettleBody{}), refusal(Errc::balance_outstanding, "claimed"));
    EXPECT_EQ(outcome(kIssuer, AcknowledgeBody{3, Answer::accept}), refusal(Errc::wrong_counterparty, "issuer"));
    world.must(kFirst, AcknowledgeBody{3, Answer::object});
    EXPECT_EQ(outcome(kIssuer, SettleBody{}), refusal(Errc::balance_outstanding, "objected"));
    world.must(kFirst, AcknowledgeBody{3, Answer::accept});
    world.must(kIssuer, SettleBody{});
}

TEST_F(Voucher, BeforeTheDueDateItIsTheHoldersWordThatCounts) {
    world.issued();
    EXPECT_EQ(outcome(kSettler, world.redeems(1, 10'000)), refusal(Errc::not_due, "value_date"));
    world.must(kFirst, world.redeems(1, 10'000));
    EXPECT_EQ(world.voucher().pieces[0].state, PieceState::redeemed);
}

TEST_F(Voucher, HasRoomForAStatedNumberOfPieces) {
    world.issued();
    const std::vector<MinorAmount> units(32, 1);
    std::vector<MinorAmount> amounts = units;
    MinorAmount left = 10'000;
    std::uint64_t piece = 1;
    std::size_t count = 1;
    while (count + 32 <= kMaxPieces) {
        left -= 31;
        amounts.back() = left;
        world.must(kFirst, world.splits(piece, amounts));
        count += 32;
        piece = count;  // The last child has what is left.
    }
    left -= 31;
    amounts.back() = left;
    EXPECT_EQ(outcome(kFirst, world.splits(piece, amounts)), refusal(Errc::too_many_parts, "amounts"));
}

struct Spoiled {
    const char* name;
    std::function<void(VoucherTerms&)> spoil;
    Errc code;
    const char* field;
};

class VoucherTermsTest : public testing::TestWithParam<Spoiled> {};

TEST_P(VoucherTermsTest, AreRefused) {
    RegisterBody body = sample_voucher();
    GetParam().spoil(std::get<VoucherTerms>(body.terms));
    ClaimWorld world{body, kIssuer};
    const Execution done = world.run(kIssuer, {.body = body});
    EXPECT_EQ(done.outcome, (ledger::Outcome{number(GetParam().code), GetParam().field}));
}

// Yinfa [2025] No. 77 as the model: 184 days in principle, 366 at most.
INSTANTIATE_TEST_SUITE_P(
    That, VoucherTermsTest,
    testing::Values(Spoiled{"run_long_without_a_reason", [](VoucherTerms& terms) { terms.due = day("2027-05-22"); },
                            Errc::terms_invalid, "terms.reason"},
                    Spoiled{"give_a_reason_for_nothing", [](VoucherTerms& terms) { terms.reason = "seasonal"; },
                            Errc::terms_invalid, "terms.reason"},
                    Spoiled{"run_too_long", [](VoucherTerms& terms) { terms.due = day("2027-11-20"); },
                            Errc::terms_invalid, "terms.due"},
                    Spoiled{"are_due_at_once", [](VoucherTerms& terms) { terms.due = day("2026-11-18"); },
                            Errc::terms_invalid, "terms.due"},
                    Spoiled{"move_never", [](VoucherTerms& terms) { terms.max_level = 0; }, Errc::terms_invalid,
                            "terms.max_level"},
                    Spoiled{"move_too_often", [](VoucherTerms& terms) { terms.max_level = 17; }, Errc::terms_invalid,
                            "terms.max_level"},
                    Spoiled{"promise_nothing", [](VoucherTerms& terms) { terms.amount_minor = 0; },
                            Errc::amount_invalid, "terms.amount"}),
    [](const auto& test_case) { return std::string{test_case.param.name}; });

TEST(VoucherTermsOfANetwork, MayBeStricterOrLooserThanTheUsual) {
    Genesis genesis = test::claims_genesis();
    genesis.parameters.voucher_usual_days = 30;
    genesis.parameters.voucher_max_days = 90;
    genesis.parameters.voucher_max_level = 2;
    EXPECT_EQ(*decode_genesis(encode(genesis)), genesis);
    ClaimWorld world{sample_voucher(), kIssuer, genesis};
    EXPECT_EQ(world.run(kIssuer, {.body = world.claim}).outcome,
              (ledger::Outcome{number(Errc::terms_invalid), "terms.due"}));
}

TEST(VoucherTermsOfANetwork, LongTermsStandWithTheirReason) {
    RegisterBody body = sample_voucher();
    std::get<VoucherTerms>(body.terms).due = day("2027-11-19");
    std::get<VoucherTerms>(body.terms).reason = "the delivery takes a year";
    ClaimWorld world{body, kIssuer};
    world.registered();
}

// The term that the network limits begins with the day of issue; nothing circulates earlier.
TEST(VoucherTerm, NothingCirculatesBeforeItsDayOfIssue) {
    RegisterBody body = sample_voucher();
    std::get<VoucherTerms>(body.terms).contract_date = day("2035-11-01");
    std::get<VoucherTerms>(body.terms).due = day("2036-04-30");
    ClaimWorld world{body, kIssuer};
    world.registered();
    EXPECT_EQ(world.act(kIssuer, IssueBody{}).outcome,
              (ledger::Outcome{number(Errc::value_date_invalid), "contract_date"}));
    world.sleep_until("2035-11-01");
    world.must(kIssuer, IssueBody{});
}

/// A voucher that was split into 255 pieces, all in the hands of the same holder or each in those of another.
ClaimWorld widely_held(std::size_t holders) {
    ClaimWorld world{sample_voucher(), kIssuer};
    world.issued();
    StoredContract stored = world.stored();
    VoucherBook& book = stored.contract.state.voucher();
    book.pieces[0].state = PieceState::split;
    for (std::size_t i = 1; i < kMaxPieces; ++i) {
        const std::size_t holder = i % holders;
        book.pieces.push_back({.parent = 1,
                               .holder = holder == 0 ? "supplier-b" : "supplier-" + std::to_string(holder),
                               .amount_minor = i == 1 ? 10'000 - static_cast<MinorAmount>(kMaxPieces) + 2 : 1,
                               .state = PieceState::live});
    }
    Bytes state = encode(stored.contract.state);
    stored.head.state = sha256(state);
    world.state.values[state_keys::contract_state(world.id)] = std::move(state);
    world.state.values[state_keys::contract(world.id)] = encode(stored.head);
    return world;
}

/// Seconds of this process that an event of the voucher takes, as often as it takes to measure them.
double seconds_per_event(ClaimWorld& world) {
    constexpr int kEvents = 30;
    const auto deposit = world.sign(kFirst, world.on(test::sample_deposit()));
    const std::clock_t start = std::clock();
    for (int i = 0; i < kEvents; ++i) {
        EXPECT_TRUE(execute(*deposit, world.context(), 0, world.state).outcome.accepted());
    }
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / kEvents;
}

// Work is charged by the bytes, so the number of holders must not multiply it: measured against as many pieces in one
// hand, in time of the processor, with much to spare.
TEST(VoucherHeldByMany, CostsAboutWhatAsManyPiecesInOneHandCost) {
    ClaimWorld one = widely_held(1);
    ClaimWorld many = widely_held(kMaxPieces - 1);
    ASSERT_EQ(parties_of(many.stored().contract.terms, many.voucher()).size(), 3 + kMaxPieces - 1);
    double best = 1e9;
    for (int attempt = 0; attempt < 5; ++attempt) {
        best = std::min(best, seconds_per_event(many) / seconds_per_event(one));
    }
    EXPECT_LT(best, 4.0);
}

// I14 is recomputed from the tree, whatever the rules did.
class BrokenTree : public testing::TestWithParam<std::pair<const char*, std::function<void(VoucherBook&)>>> {};

TEST_P(BrokenTree, IsSeen) {
    ClaimWorld world{sample_voucher(), kIssuer};
    world.issued();
    world.must(kFirst, world.splits(1, {6'000, 4'000}));
    const Contract before = world.stored().contract;
    ContractState after = before.state;
    ++after.events;
    const auto transaction = world.sign(kFirst, world.on(test::sample_deposit()));
    const DecodedAction action = *decode_action(*transaction);
    Resolved resolved;
    resolved.organisation = "supplier-b";
    resolved.roles = RoleSet{Role::borrower};
    const auto check = [&] {
        return check_invariants({.before = &before,
                                 .terms = before.terms,
                                 .after = after,
                                 .action = action,
                                 .resolved = resolved,
                                 .date = day("2026-11-18")});
    };
    ASSERT_TRUE(check().has_value());
    GetParam().second(after.voucher());
    const Result<void> holds = check();
    ASSERT_FALSE(holds.has_value());
    EXPECT_EQ(holds.error().field, "I14");
}

INSTANTIATE_TEST_SUITE_P(
    Where, BrokenTree,
    testing::Values(std::pair{"a_child_grew", [](VoucherBook& b) { b.pieces[1].amount_minor += 1; }},
                    std::pair{"a_child_is_gone", [](VoucherBook& b) { b.pieces.pop_back(); }},
                    std::pair{"the_parent_lives_beside_its_children",
                              [](VoucherBook& b) { b.pieces[0].state = PieceState::live; }},
                    std::pair{"a_piece_moved_by_itself", [](VoucherBook& b) { b.pieces[2].holder = "bank-d"; }},
                    std::pair{"a_piece_is_of_another_parent", [](VoucherBook& b) { b.pieces[2].parent = 2; }},
                    std::pair{"a_level_is_beyond_the_terms", [](VoucherBook& b) { b.pieces[2].level = 4; }}),
    [](const auto& test_case) { return std::string{test_case.param.first}; });

}  // namespace
}  // namespace probatum::contracts
