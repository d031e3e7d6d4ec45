// Golden vectors of the rules: every body, every hashed name, the leaves, values and refusals of one loan, generated
// here from fixed inputs and compared with the committed file. Sections of docs/spec/contracts.md are named beside each
// case.
#include <gtest/gtest.h>

#include "base/commitment.h"
#include "contracts/evidence_record.h"
#include "contracts/state_keys.h"
#include "contracts_world.h"
#include "ledger/state_tree.h"
#include "vectors.h"

namespace probatum::contracts {
namespace {

using Document = nlohmann::ordered_json;
using test::day;
using test::LoanWorld;

Document item(ByteView bytes) {
    Document out;
    out["bytes"] = to_hex(bytes);
    out["diagnostic"] = cbor::diagnose(bytes).value();
    return out;
}

Document hashed_item(ByteView bytes) {
    Document out = item(bytes);
    out["sha256"] = to_hex(sha256(bytes));
    return out;
}

Document openings(const std::vector<ledger::Opening>& list) {
    Document out = Document::array();
    for (const ledger::Opening& opening : list) {
        Document one;
        one["name"] = opening.name;
        one["salt"] = to_hex(opening.salt);
        one["value"] = item(opening.value);
        one["commitment"] = to_hex(commit(opening.salt, opening.name, opening.value));
        out.push_back(std::move(one));
    }
    return out;
}

/// What one transaction did to the contract's logs and to the state.
Document effects(const Execution& done) {
    Document out;
    out["outcome"] = {done.outcome.code, done.outcome.field};
    if (!done.events.empty()) {
        out["log"] = done.events[0].refused ? "refusals" : "events";
        const Bytes leaf = ledger::encode(done.events[0].leaf);
        out["resolved"] = item(done.events[0].leaf.resolved);
        out["leaf"] = item(leaf);
        out["leaf_hash"] = to_hex(ledger::log::leaf_hash(leaf));
    }
    Document writes = Document::array();
    for (const auto& [key, value] : done.writes) {
        Document write;
        write["key"] = to_hex(key);
        write["value"] = hashed_item(*value);
        writes.push_back(std::move(write));
    }
    out["writes"] = std::move(writes);
    out["change_digest"] = to_hex(ledger::change_digest(ledger::changes_of(done.writes)));
    return out;
}

class Story {
public:
    Document step(const char* section, std::string_view who, const Action& action) {
        const Draft draft = world.draft(who, action).value();
        const auto transaction = *ledger::Transaction::decode(draft.sign(test::key_of(who)));
        Document out;
        out["section"] = section;
        out["action"] = transaction->payload().action;
        out["signer"] = who;
        if (draft.header.subject) {
            out["subject"] = *draft.header.subject;
        }
        out["height"] = world.height.raw();
        out["time_ms"] = world.time.raw();
        out["body"] = item(transaction->payload().body);
        out["openings"] = openings(draft.openings);
        if (!draft.side_openings.empty()) {
            out["side_openings"] = openings(draft.side_openings);
        }
        out["transaction_id"] = to_hex(transaction->id());
        out["work_units"] = work_units(*transaction);
        out["effects"] = effects(world.run(transaction));
        return out;
    }

    LoanWorld world;
};

Document names(const LoanWorld& world) {
    Document out;
    out["section"] = "1, 6";
    out["chain_id"] = to_hex(world.chain_id);
    out["organisation"] = "bank-a";
    out["number"] = world.loan.number;
    out["contract_id"] = to_hex(world.id);
    out["bank"] = "bank-d";
    out["bank_reference"] = "REF-1";
    out["blinded_reference"] = to_hex(blind({.chain_id = world.chain_id, .bank = "bank-d", .reference = "REF-1"}));
    out["use_leaf_of_record"] = item(use_leaf(UseKind::record, world.id));
    out["use_leaf_of_contract"] = item(use_leaf(UseKind::contract, world.id));
    return out;
}

Document story() {
    Story s;
    LoanWorld& w = s.world;
    Document steps = Document::array();
    const auto step = [&](const char* section, std::string_view who, const Action& action) {
        steps.push_back(s.step(section, who, action));
    };
    const char* const maker = "bank-a/maker-1";
    const char* const checker = "bank-a/checker-1";
    const char* const borrower = "supplier-b/treasurer-1";
    step("5", borrower,
         {.body = test::sample_deposit(), .side = {{"debtor.name", cbor::Writer{}.text("乙公司").take()}}});
    RegisterBody loan = w.loan;
    loan.loan().max_back_value_days = 30;
    step("6 register", maker, {.body = loan});
    SignBody seen = w.signature();
    seen.seen = sha256(as_bytes("what was shown"));
    step("6 sign", maker, w.on(seen));
    step("6 sign", borrower, w.on(w.signature()));
    step("6 sign, refused twice", borrower, w.on(w.signature()));
    step("6 sign", "guarantor-c/guarantor-1", w.on(w.signature()));
    step("6 approve", maker, w.on(ApproveBody{ApprovalCapacity::maker}));
    step("6 approve", checker, w.on(ApproveBody{ApprovalCapacity::checker}));
    step("6 disburse, before it is active", maker, w.on(w.payment<DisburseBody>(100'000)));
    step("6 activate", checker, w.on(ActivateBody{}));
    step("6 disburse, beyond the limit", maker, w.on(w.payment<DisburseBody>(100'001)));
    step("6 disburse", maker, w.on(w.payment<DisburseBody>(100'000)));
    step("6 acknowledge", borrower, w.on(AcknowledgeBody{7, Answer::accept}));
    w.sleep_until("2026-12-12");
    step("7 due on the value date", borrower, w.on(w.payment<RepayBody>(2'000, "2026-12-11")));
    step("6 acknowledge, object", "bank-d/settler-1", w.on(AcknowledgeBody{9, Answer::object}));
    step("7.3 folded in before the due date", borrower, w.on(w.payment<RepayBody>(2'000, "2026-12-05")));
    step("7 ahead and to suspense", borrower, w.on(w.payment<RepayBody>(103'500)));
    step("5 under a contract", checker, w.on(test::sample_deposit("a receipt")));
    step("6 settle", checker, w.on(SettleBody{}));
    step("6 after settlement", borrower, w.on(w.payment<RepayBody>(1)));
    return steps;
}

TEST(ContractVectors, ShowEveryByte) {
    const LoanWorld world;
    Document out;
    out["source"] =
        "docs/spec/contracts.md, docs/spec/state.md; the key of ORG/MEMBER is SHA-256 of \"key of ORG/MEMBER\"";
    out["genesis"] = hashed_item(encode(test::sample_genesis()));
    Document keys = Document::array();
    for (const Member& member : test::sample_genesis().members) {
        Document one;
        one["member"] = member.organisation + "/" + member.id;
        one["public_key"] = to_hex(member.key.bytes());
        one["key_id"] = to_hex(member.key.id().digest);
        keys.push_back(std::move(one));
    }
    out["members"] = std::move(keys);
    out["names"] = names(world);
    out["story"] = story();
    test::expect_golden(test::golden_vector("contracts.json"), out.dump(2) + "\n");
}

}  // namespace
}  // namespace probatum::contracts
