#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "contracts/contract_rules.h"
#include "contracts/evidence_record.h"
#include "contracts/resolved.h"
#include "contracts/state_keys.h"
#include "contracts_world.h"
#include "ledger/state_tree.h"

namespace probatum::contracts {
namespace {

using test::LoanWorld;

const std::vector<std::string> kPeople{
    "bank-a/maker-1",         "bank-a/maker-2",    "bank-a/checker-1",        "bank-a/both-1",    "bank-a/operator-1",
    "supplier-b/treasurer-1", "supplier-b/core-1", "guarantor-c/guarantor-1", "bank-d/settler-1", "court-e/officer-1"};

std::string anybody() { return *rc::gen::elementOf(kPeople); }

/// Mostly what could be right, now and then what cannot.
template <class Body>
Body any_payment(LoanWorld& world) {
    Body body = world.payment<Body>(*rc::gen::weightedOneOf<MinorAmount>({{6, rc::gen::inRange<MinorAmount>(1, 60'000)},
                                                                          {1, rc::gen::inRange<MinorAmount>(-5, 2)},
                                                                          {1, rc::gen::just<MinorAmount>(100'000)},
                                                                          {1, rc::gen::arbitrary<MinorAmount>()}}));
    body.value_date = CivilDate{body.value_date.days() - *rc::gen::inRange(-1, 9)};
    if (*rc::gen::inRange(0, 12) == 0) {
        body.bank_reference = "REF-1";
    }
    if (*rc::gen::inRange(0, 20) == 0) {
        body.currency = *Currency::from_code("USD");
    }
    return body;
}

ActionBody any_body(LoanWorld& world) {
    switch (*rc::gen::inRange(0, 12)) {
        case 0:
            return world.loan;
        case 1:
            return world.signature();
        case 2:
            return ApproveBody{ApprovalCapacity::maker};
        case 3:
            return ApproveBody{ApprovalCapacity::checker};
        case 4:
            return ActivateBody{};
        case 5:
            return SettleBody{};
        case 6:
            return test::sample_deposit("document " + std::to_string(*rc::gen::inRange(0, 3)));
        case 7:
        case 8:
            return any_payment<DisburseBody>(world);
        case 9:
        case 10:
            return any_payment<RepayBody>(world);
        default:
            return AcknowledgeBody{*rc::gen::inRange<std::uint64_t>(0, 24),
                                   *rc::gen::element(Answer::accept, Answer::object)};
    }
}

/// What the accepted events alone say, added up without the rules.
struct Tally {
    MinorAmount disbursed{0};
    MinorAmount repaid{0};
    MinorAmount records{0};

    void add(const DecodedAction& action) {
        if (const auto* d = std::get_if<DisburseBody>(&action.body)) {
            disbursed += d->amount_minor;
        }
        if (const auto* r = std::get_if<RepayBody>(&action.body)) {
            repaid += r->amount_minor;
        }
        if (std::holds_alternative<DepositBody>(action.body)) {
            ++records;
        }
    }
};

void check_books(const ContractState& state, const Tally& tally) {
    RC_ASSERT(state.loan().accounts().balanced());
    RC_ASSERT(state.loan().disbursed_minor() == tally.disbursed);
    RC_ASSERT(state.loan().disbursed_minor() <= 100'000);
    RC_ASSERT(state.loan().accounts().balance(Account::cash_clearing) == tally.repaid - tally.disbursed);
    RC_ASSERT(state.loan().repayments.claimed_minor + state.loan().repayments.acknowledged_minor +
                  state.loan().repayments.objected_minor ==
              tally.repaid);
    const MinorAmount paid = state.loan().money ? state.loan().money->sums.paid.sum() : 0;
    RC_ASSERT(paid - state.loan().accounts().balance(Account::suspense) == tally.repaid);
    RC_ASSERT(state.records == static_cast<std::uint64_t>(tally.records));
}

/// I10: the stored book is the fold of the movements that the state keeps beside it, and each posting says where its
/// money went.
void check_fold(const LoanWorld& world, const ContractState& state) {
    if (!state.loan().money) {
        return;
    }
    std::vector<book::Movement> movements;
    for (auto at = state.loan().last_movement; at; at = find_posting(world.state, world.id, *at)->previous) {
        movements.push_back(movement_of(*at, *find_posting(world.state, world.id, *at)));
    }
    const auto folded = book::fold(versions_of(world.loan.loan()), movements);
    RC_ASSERT(folded.has_value());
    RC_ASSERT(folded->book == *state.loan().money);
    for (const book::Placed& placed : folded->placed) {
        RC_ASSERT(find_posting(world.state, world.id, placed.sequence)->allocation == placed.split);
    }
}

/// Runs the rules again from the leaves and transactions alone, as a verifier would, and compares every verdict.
std::optional<Contract> fold_again(const LoanWorld& world) {
    std::map<Digest, ledger::TransactionPtr> by_id;
    for (const auto& transaction : world.transactions) {
        by_id[transaction->id()] = transaction;
    }
    std::optional<Contract> contract;
    test::MapPostings postings;
    for (const SubjectEvent& event : world.events) {
        if (event.leaf.subject != world.id) {
            continue;  // The borrower registered the same number: another contract.
        }
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
    return contract;
}

Digest root_of(const test::MapState& state) {
    ledger::StateOverlay::Writes all;
    for (const auto& [key, value] : state.values) {
        all[key] = value;
    }
    return ledger::StateTree{}.apply(ledger::changes_of(all)).root();
}

/// Registered, or all the way to active, so that money events are not always refused.
void begin(LoanWorld& world) {
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            break;
        case 1:
            world.registered();
            break;
        case 2:
            world.approved();
            break;
        default:
            world.active();
            break;
    }
}

RC_GTEST_PROP(LoanProperty, BooksBalanceEventsRecomputeAndTwoRunsAgree, ()) {
    LoanWorld world;
    begin(world);
    Tally tally;
    const int steps = *rc::gen::inRange(1, 30);
    for (int i = 0; i < steps; ++i) {
        if (*rc::gen::inRange(0, 4) == 0) {
            world.time = UnixMs{world.time.raw() + 86'400'000ULL * *rc::gen::inRange<std::uint64_t>(1, 20)};
        }
        const ActionBody body = any_body(world);
        const bool registers = std::holds_alternative<RegisterBody>(body);
        const auto transaction = world.sign(anybody(), registers ? Action{.body = body} : world.on(body));
        const test::MapState before = world.state;
        const Execution done = world.run(transaction);
        RC_ASSERT(done.outcome.code != test::number(Errc::invariant_violated));
        if (done.outcome.accepted()) {
            tally.add(*decode_action(*transaction));
        }
        if (!done.outcome.accepted() && done.writes.empty()) {
            RC_ASSERT(world.state.values == before.values);
        }
        const auto stored = find_contract(world.state, world.id);
        if (!stored) {
            continue;
        }
        check_books(stored->contract.state, tally);
        check_fold(world, stored->contract.state);
        RC_ASSERT(stored->head.events.frontier.size == stored->contract.state.events);
        RC_ASSERT(stored->head.state == sha256(encode(stored->contract.state)));
    }

    const std::optional<Contract> again = fold_again(world);
    const auto stored = find_contract(world.state, world.id);
    RC_ASSERT(again.has_value() == stored.has_value());
    if (again) {
        RC_ASSERT(*again == stored->contract);
    }

    test::World second;
    for (const auto& transaction : world.transactions) {
        // Time is the block's: the second run takes it from the first one's leaves where there are any.
        second.time = world.times.at(second.transactions.size());
        second.run(transaction);
    }
    RC_ASSERT(root_of(second.state) == root_of(world.state));
}

RC_GTEST_PROP(LoanProperty, GoingThroughDatesBetweenMakesNoDifference, ()) {
    LoanWorld world;
    world.active();
    world.act("bank-a/maker-1", world.payment<DisburseBody>(*rc::gen::inRange<MinorAmount>(1, 100'001)));
    const Contract contract = world.stored().contract;
    const std::int32_t today = date_at(world.time, 480).days();
    const CivilDate first{today + *rc::gen::inRange(0, 90)};
    const CivilDate second{first.days() + *rc::gen::inRange(0, 90)};
    const ContractState through = advance(contract.terms, advance(contract.terms, contract.state, first), second);
    RC_ASSERT(through == advance(contract.terms, contract.state, second));
    RC_ASSERT(advance(contract.terms, through, first) == through);
}

}  // namespace
}  // namespace probatum::contracts
