// Random lives of vouchers and receivables: whatever people try, the sums hold, and the rules run again from leaves and
// transactions alone tell the same story.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "claims_world.h"
#include "contracts/resolved.h"

namespace probatum::contracts {
namespace {

using test::ClaimWorld;

const std::vector<std::string> kPeople{"core-a/cfo",     "supplier-b/cfo",  "supplier-c/cfo",
                                       "bank-d/maker",   "bank-d/checker",  "factor-e/maker",
                                       "bank-s/settler", "guarantor-g/cfo", "core-a/operator"};
const std::vector<std::string> kOrganisations{"core-a", "supplier-b", "supplier-c", "bank-d", "factor-e", "nobody"};
const std::vector<std::string> kDays{"2026-11-18", "2026-12-01", "2027-02-01",
                                     "2027-03-01", "2027-05-18", "2027-05-19"};

std::string any_of(const std::vector<std::string>& list) { return *rc::gen::elementOf(list); }
std::uint64_t any_number() { return *rc::gen::inRange<std::uint64_t>(0, 7); }
Answer any_answer() { return *rc::gen::weightedElement<Answer>({{5, Answer::accept}, {1, Answer::object}}); }

MinorAmount any_amount() {
    return *rc::gen::weightedOneOf<MinorAmount>({{6, rc::gen::element<MinorAmount>(1, 1'000, 2'500, 5'000, 10'000)},
                                                 {1, rc::gen::inRange<MinorAmount>(-5, 12'000)},
                                                 {1, rc::gen::arbitrary<MinorAmount>()}});
}

/// Mostly two or three that add up to a piece as it is.
std::vector<MinorAmount> any_amounts(const VoucherBook& book, std::uint64_t piece) {
    if (piece == 0 || piece > book.pieces.size() || *rc::gen::inRange(0, 5) == 0) {
        return {any_amount(), any_amount()};
    }
    const MinorAmount whole = book.pieces[piece - 1].amount_minor;
    const MinorAmount first = *rc::gen::inRange<MinorAmount>(0, whole + 1);
    return {first, whole - first};
}

template <class Body>
Body any_payment(Body body) {
    body.value_date = CivilDate{body.value_date.days() - *rc::gen::inRange(-1, 20)};
    if (*rc::gen::inRange(0, 12) == 0) {
        body.bank_reference = "REF-1";
    }
    return body;
}

ActionBody any_voucher_body(ClaimWorld& world) {
    const std::uint64_t piece = any_number();
    const VoucherBook book = world.voucher();
    const MinorAmount whole =
        piece >= 1 && piece <= book.pieces.size() ? book.pieces[piece - 1].amount_minor : any_amount();
    switch (*rc::gen::inRange(0, 10)) {
        case 0:
            return IssueBody{};
        case 1:
        case 2:
            return AcceptPieceBody{piece, any_answer()};
        case 3:
            return WithdrawPieceBody{piece};
        case 4:
            return world.splits(piece, any_amounts(book, piece));
        case 5:
        case 6:
            return TransferBody{piece, any_of(kOrganisations)};
        case 7:
            return FinancePieceBody{
                .currency = test::cny(), .piece = piece, .lender = any_of(kOrganisations), .price_minor = any_amount()};
        case 8:
            return any_payment(world.redeems(piece, whole));
        default:
            return *rc::gen::element<ActionBody>(CancelPieceBody{piece}, SettleBody{},
                                                 AcknowledgeBody{any_number(), any_answer()});
    }
}

ActionBody any_receivable_body(ClaimWorld& world) {
    const std::uint64_t number = any_number();
    switch (*rc::gen::inRange(0, 12)) {
        case 0:
            return ConfirmBody{.currency = test::cny(),
                               .answer = any_answer(),
                               .existence = *rc::gen::arbitrary<bool>(),
                               .amount = *rc::gen::arbitrary<bool>(),
                               .amount_minor = any_amount()};
        case 1:
        case 2:
        case 3: {
            AssignBody body = world.assignment(any_of(kOrganisations), any_amount(), number);
            body.recourse = *rc::gen::arbitrary<bool>();
            if (*rc::gen::inRange(0, 4) == 0) {
                body.competes_with = any_number();
                body.registration = Registration{
                    "PBC", "ZD", UnixMs{*rc::gen::inRange<std::uint64_t>(1'794'000'000'000, 1'796'000'000'000)}};
            }
            return body;
        }
        case 4:
        case 5:
            return AcceptAssignmentBody{number, any_answer()};
        case 6:
            return NotifyBody{number, {}};
        case 7:
            return BuyBackBody{number};
        case 8:
        case 9:
            return any_payment(world.pays(any_amount(), any_of(kOrganisations), number));
        case 10:
            return SetOffBody{.currency = test::cny(),
                              .part = number,
                              .amount_minor = any_amount(),
                              .against = any_of(kOrganisations),
                              .arose = test::day("2026-11-01"),
                              .due = test::day("2026-11-15")};
        default:
            return *rc::gen::element<ActionBody>(
                WithdrawAssignmentBody{number}, RespondBody{number, any_answer()}, SettleBody{},
                AcknowledgeBody{any_number(), any_answer()},
                RegisterAssignmentBody{number, {"PBC", "ZD-9", UnixMs{1'794'500'000'000}}});
    }
}

/// What the accepted events alone say, added up without the rules.
struct Tally {
    MinorAmount gone{0};

    void add(const DecodedAction& action, const VoucherBook* before) {
        if (const auto* pay = std::get_if<PayClaimBody>(&action.body)) {
            gone += pay->amount_minor;
        } else if (const auto* off = std::get_if<SetOffBody>(&action.body)) {
            gone += off->amount_minor;
        } else if (const auto* redeemed = std::get_if<RedeemBody>(&action.body)) {
            gone += redeemed->amount_minor;
        } else if (const auto* cancelled = std::get_if<CancelPieceBody>(&action.body)) {
            gone += before->pieces[cancelled->piece - 1].amount_minor;
        } else if (const auto* declined = std::get_if<AcceptPieceBody>(&action.body)) {
            const Piece& piece = before->pieces[declined->piece - 1];
            gone += declined->answer == Answer::object && !piece.offer ? piece.amount_minor : 0;
        }
    }
};

/// The rules again from the leaves and transactions alone, as a verifier runs them; every verdict is compared.
Contract fold_again(const ClaimWorld& world) {
    std::map<Digest, ledger::TransactionPtr> by_id;
    for (const auto& transaction : world.transactions) {
        by_id[transaction->id()] = transaction;
    }
    std::optional<Contract> contract;
    test::MapPostings postings;
    for (const SubjectEvent& event : world.events) {
        const DecodedAction action = *decode_action(*by_id.at(event.leaf.transaction));
        const Resolved resolved = *decode_resolved(event.leaf.resolved);
        const Contract* before = contract ? &*contract : nullptr;
        const Result<Applied> applied =
            apply(before, {action, postings}, resolved, event_date(before, action, event.leaf.time));
        RC_ASSERT(applied.has_value() != event.refused);
        if (!applied) {
            RC_ASSERT(event.leaf.outcome == (ledger::Outcome{applied.error().number(), applied.error().field}));
            continue;
        }
        for (const PostingChange& change : applied->postings) {
            postings.all[change.sequence] = change.posting;
        }
        contract = Contract{applied->terms ? *applied->terms : contract->terms, applied->state};
    }
    return *contract;
}

MinorAmount open_of(const ContractState& state) {
    const auto* voucher = std::get_if<VoucherBook>(&state.book);
    return voucher != nullptr ? voucher->open_minor() : state.receivable().open_minor();
}

template <class AnyBody>
void live(ClaimWorld& world, bool issued, AnyBody any_body) {
    Tally tally;
    const int steps = *rc::gen::inRange(1, 50);
    for (int i = 0; i < steps; ++i) {
        if (*rc::gen::inRange(0, 12) == 0) {
            const std::string next = any_of(kDays);
            if (date_at(world.time, 480) < test::day(next)) {
                world.sleep_until(next);
            }
        }
        const ContractState before = world.standing();
        const Execution done = world.act(any_of(kPeople), any_body(world));
        RC_ASSERT(done.outcome.code != test::number(Errc::invariant_violated));
        if (done.outcome.accepted()) {
            const DecodedAction action = *decode_action(*world.transactions.back());
            issued = issued || std::holds_alternative<IssueBody>(action.body);
            tally.add(action, std::get_if<VoucherBook>(&before.book));
        }
        RC_ASSERT(open_of(world.standing()) == (issued ? 10'000 - tally.gone : 0));
    }
    RC_ASSERT(fold_again(world) == world.stored().contract);
    RC_ASSERT(decode_contract_state(encode(world.standing())).value() == world.standing());
}

RC_GTEST_PROP(Vouchers, AnyTreeIsTheWholeAndFoldsAgain, ()) {
    ClaimWorld world{test::sample_voucher(), "core-a/cfo"};
    const bool issued = *rc::gen::inRange(0, 5) != 0;
    if (issued) {
        world.issued();
    } else {
        world.registered();
    }
    live(world, issued, any_voucher_body);
}

RC_GTEST_PROP(Receivables, AnyChainIsTheWholeAndFoldsAgain, ()) {
    ClaimWorld world{test::sample_receivable(*rc::gen::element(NoticeRule::record, NoticeRule::answer))};
    world.registered();
    live(world, true, any_receivable_body);
}

}  // namespace
}  // namespace probatum::contracts
