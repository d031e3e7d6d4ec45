// Golden vectors of claims and of double financing: every body and every value that they write, generated here from
// fixed inputs and compared with the committed file. Sections of docs/spec/claims.md are named beside each case.
#include <gtest/gtest.h>

#include "base/cbor.h"
#include "claims_world.h"
#include "contracts/financed_item.h"
#include "vectors.h"

namespace probatum::contracts {
namespace {

using Document = nlohmann::ordered_json;
using test::ClaimWorld;

Document item(ByteView bytes) {
    Document out;
    out["bytes"] = to_hex(bytes);
    out["diagnostic"] = cbor::diagnose(bytes).value();
    return out;
}

/// One step of a story: what was signed, and what it wrote.
Document step(test::World& world, const char* section, std::string_view who, const Action& action) {
    const Draft draft = world.draft(who, action).value();
    const auto transaction = *ledger::Transaction::decode(draft.sign(test::key_of(who)));
    Document out;
    out["section"] = section;
    out["action"] = transaction->payload().action;
    out["signer"] = who;
    out["body"] = item(transaction->payload().body);
    out["openings"] = Document::array();
    for (const ledger::Opening& opening : draft.openings) {
        out["openings"].push_back(
            {{"name", opening.name}, {"salt", to_hex(opening.salt)}, {"value", item(opening.value)}});
    }
    out["transaction_id"] = to_hex(transaction->id());
    out["work_units"] = work_units(*transaction);
    const Execution done = world.run(transaction);
    out["outcome"] = {done.outcome.code, done.outcome.field};
    out["writes"] = Document::array();
    for (const auto& [key, value] : done.writes) {
        out["writes"].push_back({{"key", to_hex(key)}, {"value", value ? item(*value) : Document{}}});
    }
    return out;
}

Document receivable_story() {
    ClaimWorld w{test::sample_receivable()};
    Document steps = Document::array();
    const auto on = [&](const char* section, std::string_view who, ActionBody body) {
        steps.push_back(step(w, section, who, w.on(std::move(body))));
    };
    steps.push_back(step(w, "2 register", "supplier-b/cfo", {.body = w.claim}));
    on("2.1", "core-a/cfo", ConfirmBody{.currency = test::cny(), .answer = Answer::object, .amount_minor = 3'000});
    AssignBody assigned = w.assignment("bank-d", 6'000);
    assigned.recourse = true;
    on("2.2", "supplier-b/cfo", assigned);
    on("2.2", "bank-d/maker", AcceptAssignmentBody{.assignment = 1});
    on("2.3, before notice", "core-a/cfo", w.pays(1'000, "bank-d", 2));
    on("2.3", "core-a/cfo", w.pays(1'000, "supplier-b", 2));
    on("2.3", "bank-d/maker", NotifyBody{.assignment = 1, .document = sha256(as_bytes("notice"))});
    on("2.3", "core-a/cfo", RespondBody{1, Answer::accept});
    AssignBody second = w.assignment("factor-e", 5'000, 2);
    second.competes_with = 1;
    second.registration = Registration{"PBC", "ZD-2", UnixMs{1'794'900'000'000}};
    on("2.4", "supplier-b/cfo", second);
    on("2.2", "factor-e/maker", AcceptAssignmentBody{.assignment = 2, .answer = Answer::object});
    on("2.4", "bank-d/maker", RegisterAssignmentBody{1, {"PBC", "ZD-1", UnixMs{1'794'800'000'000}}});
    on("2.2", "bank-d/maker", BuyBackBody{1});
    on("2.2", "supplier-b/cfo", w.assignment("supplier-c", 1'000));
    on("2.2", "supplier-b/cfo", WithdrawAssignmentBody{4});
    on("2.5", "core-a/cfo",
       SetOffBody{.currency = test::cny(),
                  .part = 1,
                  .amount_minor = 500,
                  .against = "supplier-b",
                  .arose = test::day("2026-11-01"),
                  .due = test::day("2026-11-15"),
                  .document = sha256(as_bytes("declaration"))});
    on("2.1", "core-a/cfo",
       ConfirmBody{.currency = test::cny(),
                   .existence = true,
                   .amount = true,
                   .no_defences = true,
                   .amount_minor = 8'500,
                   .document = sha256(as_bytes("confirmation"))});
    on("2.3, not the holder", "supplier-b/cfo", AcknowledgeBody{4, Answer::accept});
    on("2.3", "bank-d/maker", AcknowledgeBody{4, Answer::object});
    on("2.3", "bank-d/maker", AcknowledgeBody{4, Answer::accept});
    on("2.2, lapses", "supplier-b/cfo", w.assignment("supplier-c", 2'500));
    on("2.2", "supplier-b/cfo", w.pays(500, "supplier-b"));
    on("2.6, too early", "supplier-b/cfo", SettleBody{});
    return steps;
}

Document voucher_story() {
    RegisterBody body = test::sample_voucher();
    std::get<VoucherTerms>(body.terms).due = test::day("2027-06-18");
    std::get<VoucherTerms>(body.terms).reason = "seasonal";
    ClaimWorld w{body, "core-a/cfo"};
    Document steps = Document::array();
    const auto on = [&](std::string_view who, ActionBody action) {
        steps.push_back(step(w, "3", who, w.on(std::move(action))));
    };
    steps.push_back(step(w, "3 register", "core-a/cfo", {.body = w.claim}));
    on("core-a/cfo", IssueBody{});
    on("supplier-b/cfo", AcceptPieceBody{});
    on("supplier-b/cfo", w.splits(1, {6'000, 4'000}));
    on("supplier-b/cfo", TransferBody{2, "supplier-c"});
    on("supplier-b/cfo", WithdrawPieceBody{2});
    on("supplier-b/cfo", TransferBody{2, "supplier-c"});
    on("supplier-c/cfo", AcceptPieceBody{.piece = 2});
    on("supplier-c/cfo", FinancePieceBody{.currency = test::cny(),
                                          .piece = 2,
                                          .lender = "bank-d",
                                          .price_minor = 5'900,
                                          .recourse = true,
                                          .document = sha256(as_bytes("financing"))});
    on("bank-d/maker", AcceptPieceBody{.piece = 2});
    on("supplier-b/cfo", CancelPieceBody{3});
    on("bank-d/maker", w.redeems(2, 6'000));
    on("core-a/cfo", w.redeems(2, 6'000));
    on("bank-d/maker", SettleBody{});
    on("core-a/cfo", AcknowledgeBody{11, Answer::accept});
    on("bank-d/maker", SettleBody{});
    return steps;
}

Document financing_story() {
    test::World w{test::claims_genesis()};
    const SecretKey first = test::key_of("lenders 1");
    const SecretKey second = test::key_of("lenders 2");
    const FinancedItem named{ItemKind::invoice, "91310000MA1FL0000B", "12345678"};
    const Bytes name = encode(named);
    const PublicKey old_tag = keyed_tag::tag_of(first, name);
    const keyed_tag::Carried carried = keyed_tag::carry_over(first, second, old_tag);
    Document out;
    out["item"] = item(name);
    out["tag"] = to_hex(old_tag.bytes());
    out["steps"] = Document::array();
    const auto on = [&](const char* section, std::string_view who, ActionBody body) {
        out["steps"].push_back(step(w, section, who, {.body = std::move(body)}));
    };
    const auto in_force = [&](const SecretKey& secret) {
        on("3", "bank-d/checker",
           ProposeKeyBody{secret.public_key(), {"bank-d", "factor-e"}, sha256(as_bytes("boxes"))});
        on("3", "bank-d/maker", ConfirmKeyBody{secret.public_key()});
        on("3", "factor-e/maker", ConfirmKeyBody{secret.public_key()});
    };
    in_force(first);
    on("4", "bank-d/maker", OpenFinancingBody{.tags = {{1, old_tag}}, .rank = 1, .contract = sha256(as_bytes("loan"))});
    on("4, refused", "factor-e/maker", OpenFinancingBody{.tags = {{1, old_tag}}});
    in_force(second);
    on("4", "factor-e/maker",
       OpenFinancingBody{.tags = {{1, old_tag}, {2, carried.tag}}, .same_item = carried.proof, .rank = 2});
    on("4", "factor-e/maker", RetagBody{old_tag, carried.tag, carried.proof});
    on("4", "bank-d/maker", ReleaseFinancingBody{carried.tag});
    on("4", "factor-e/maker", ReleaseFinancingBody{carried.tag});
    return out;
}

TEST(ClaimVectors, ShowEveryByte) {
    Document document;
    document["specification"] = "docs/spec/claims.md, docs/spec/double-financing.md, docs/formats.cddl";
    document["receivable"] = receivable_story();
    document["voucher"] = voucher_story();
    document["financing"] = financing_story();
    test::expect_golden(test::golden_vector("claims.json"), document.dump(1) + "\n");
}

}  // namespace
}  // namespace probatum::contracts
