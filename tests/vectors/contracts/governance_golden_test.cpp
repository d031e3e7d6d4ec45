// Golden vectors of governance: every body, statement and state value of one story, generated here from fixed inputs
// and compared with the committed file. Sections of docs/spec/governance.md are named beside each case.
#include <gtest/gtest.h>

#include "contracts/genesis_approval.h"
#include "contracts/possession.h"
#include "contracts/succession.h"
#include "governed_world.h"
#include "ledger/misbehaviour.h"
#include "ledger/state_tree.h"
#include "vectors.h"

namespace probatum::contracts {
namespace {

using Document = nlohmann::ordered_json;
using test::GovernedWorld;
using test::key_of;
using test::validator_key;

Document item(ByteView bytes) {
    Document out;
    out["bytes"] = to_hex(bytes);
    out["diagnostic"] = cbor::diagnose(bytes).value();
    out["sha256"] = to_hex(sha256(bytes));
    return out;
}

Document writes_of(const ledger::StateOverlay::Writes& writes) {
    Document out = Document::array();
    for (const auto& [key, value] : writes) {
        Document write;
        write["key"] = to_hex(key);
        write["value"] = value ? item(*value) : Document{};  // Null: removed.
        out.push_back(std::move(write));
    }
    return out;
}

class Story {
public:
    void step(const char* section, std::string_view who, const Action& action) {
        const auto transaction = world.sign(who, action);
        Document out;
        out["section"] = section;
        out["action"] = transaction->payload().action;
        out["signer"] = who;
        out["height"] = world.height.raw();
        out["time_ms"] = world.time.raw();
        out["body"] = item(transaction->payload().body);
        out["transaction_id"] = to_hex(transaction->id());
        out["work_units"] = work_units(*transaction);
        const Execution done = world.run(transaction);
        out["outcome"] = {done.outcome.code, done.outcome.field};
        out["writes"] = writes_of(done.writes);
        steps.push_back(std::move(out));
        world.last_proposal = transaction->id();
    }

    GovernedWorld world;
    Document steps = Document::array();
};

Bytes proof_against(const Digest& chain_id) {
    const ledger::Validator signer{"org-b", validator_key("org-b")};
    const auto vote = [&](std::uint8_t block) {
        ledger::Vote out{{ledger::VoteKind::notarize, Epoch{}, View{7}, Digest{{block}}}, 0, {}};
        out.signature = key_of("validator org-b").sign(ledger::vote_signing_digest(out.target, chain_id, signer));
        return out;
    };
    return ledger::encode(*ledger::make_misbehaviour(vote(1), vote(2), *ledger::ValidatorSet::make({signer})));
}

Document story() {
    Story s;
    GovernedWorld& w = s.world;
    const char* const governor = "org-a/governor-1";
    w.idle(1);
    s.step("5", "org-e/operator-1", {.body = w.readiness("org-e", "validator org-e")});
    s.step("7", "org-a/operator-1", {.body = ReportBody{proof_against(w.chain_id)}});
    Parameters parameters = w.genesis.parameters;
    parameters.max_block_transactions = 512;
    GovernanceTerms terms = *w.genesis.governance;
    terms.threshold = 4;
    for (const Change& change : std::initializer_list<Change>{
             RemoveValidator{validator_key("org-d")}, RotateKey{validator_key("org-a"), validator_key("new a")},
             ChangeParameters{parameters}, ChangeRules{2}, ChangeElectorate{terms}}) {
        s.step("3", governor, {.body = ProposeBody{.change = change}});
    }
    s.step("2, with an override and a note", governor,
           {.body = ProposeBody{AddValidator{{"org-e", validator_key("org-e")}}, true, "the fifth"}});
    const Digest proposal = w.last_proposal;
    s.step("2", "org-b/governor-1", {.body = VoteBody{proposal, Choice::accept}});
    s.step("2, refused", governor, {.body = EnactBody{proposal}});
    s.step("2", "org-d/governor-1", {.body = VoteBody{proposal, Choice::reject}});
    s.step("2", "org-c/governor-1", {.body = VoteBody{proposal, Choice::accept}});
    s.step("2, 4", governor, {.body = EnactBody{proposal}});
    return s.steps;
}

/// Each change of the register, proposed and enacted; then the actions of members. docs/spec/roles.md sections 6 and 7,
/// docs/spec/published.md, docs/spec/certificates.md.
Document registry_story() {
    Story s;
    GovernedWorld& w = s.world;
    const char* const governor = "org-a/governor-1";
    schedule::Calendar calendar = schedule::Calendar::monday_to_friday();
    calendar.holidays = {test::day("2027-01-01")};
    calendar.working_days = {test::day("2027-02-06")};
    const FreezeSubject frozen{FreezeSubject::Kind::key, {}, key_of("org-b/governor-2").public_key().id().digest};
    for (const RegistryChange& change : std::initializer_list<RegistryChange>{
             JoinOrganisation{{"org-f", "己银行", "91330100799655058B"},
                              {test::member("org-f", "teller-1", {Role::settlement_bank})}},
             SetMember{test::member("org-f", "officer-1", {Role::judicial_officer})},
             RemoveMember{"org-f", "officer-1"}, Freeze{{FreezeSubject::Kind::organisation, "org-f", {}}},
             Unfreeze{{FreezeSubject::Kind::organisation, "org-f", {}}}, Freeze{frozen}, TrustRoot{Digest{{7}}, "CFCA"},
             DistrustRoot{Digest{{7}}}, PublishCalendar{"CN", calendar}, NamePublisher{"LPR-1Y", "org-f"},
             PublishTemplate{{"loan", "zh"}, "借款合同", {{digests_of(as_bytes("text")), "正文", "text/html"}}},
             RemoveOrganisation{"org-e"}}) {
        s.step("3", governor, {.body = ProposeBody{.change = change}});
        const Digest proposal = w.last_proposal;
        w.vote("org-b", proposal);
        w.vote("org-c", proposal);
        s.step("3, 4", governor, {.body = EnactBody{proposal}});
    }
    const auto possession = [&](const char* member, const char* key) {
        return make_possession(key_of(key), {w.chain_id, "org-a", member});
    };
    s.step("roles 6", governor,
           {.body = AddMemberBody{"maker-2",
                                  "Name",
                                  key_of("org-a/maker-2").public_key(),
                                  {Role::lender_maker},
                                  possession("maker-2", "org-a/maker-2")}});
    s.step("roles 6", governor, {.body = SetRolesBody{"maker-2", {Role::lender_maker, Role::lender_checker}}});
    s.step("roles 6", governor,
           {.body = RotateMemberBody{key_of("new").public_key(), possession("maker-1", "new"), "maker-1"}});
    s.step("roles 6", governor, {.body = RemoveMemberBody{"governor-2"}});
    s.step("roles 6, refused", governor, {.body = RemoveMemberBody{"governor-1"}});
    s.step("certificates 2", "org-a/maker-2",
           {.body = BindCertificateBody{{to_bytes(as_bytes("leaf")), to_bytes(as_bytes("root"))},
                                        to_bytes(as_bytes("cross-signature")),
                                        {{StatusEvidence::Kind::ocsp, to_bytes(as_bytes("status"))}}}});
    s.step("published 2", "org-f/teller-1",
           {.body = PublishFixingBody{"LPR-1Y", test::day("2026-11-18"), Decimal{345, 4}}});
    return s.steps;
}

Document ceremony() {
    GenesisPlan plan;
    plan.chain_name = "vectors";
    plan.time = UnixMs{1'795'000'000'000};
    plan.threshold = 1;
    plan.recovery_threshold = 1;
    const JoinRequest request{.plan = sha256(encode(plan)),
                              .organisation = {"bank-a", "甲银行", "91310000MA1FL0000N"},
                              .members = {test::member("bank-a", "governor-1", {Role::consortium_governor})},
                              .key = validator_key("bank-a"),
                              .peer_address = "127.0.0.1:7100",
                              .recovery_keys = {key_of("recovery 1").public_key()}};
    const Genesis genesis = assemble_genesis(plan, {request}).value();
    const Digest digest = chain_id_of(encode(genesis));
    Document out;
    out["section"] = "8";
    out["plan"] = item(encode(plan));
    out["join_request"] = item(sign_join_request(key_of("validator bank-a"), request));
    out["genesis"] = item(encode(genesis));
    out["approval"] = item(make_approval(key_of("validator bank-a"), digest, "bank-a"));
    const Succession succession{Digest{{1}}, Height{7}, Epoch{2},
                                *ledger::ValidatorSet::make({{"bank-a", validator_key("next")}}), "lost"};
    out["succession"] = item(encode(succession));
    out["succession_statement"] = item(sign_succession(key_of("recovery 1"), digest, succession));
    return out;
}

TEST(GovernanceVectors, ShowEveryByte) {
    GovernedWorld world;
    Document out;
    out["source"] =
        "docs/spec/governance.md, docs/spec/state.md; the key of ORG/MEMBER is SHA-256 of \"key of ORG/MEMBER\", of a "
        "validator SHA-256 of \"key of validator ORG\"";
    out["genesis"] = item(encode(world.genesis));
    out["genesis_state"] = writes_of(first_epoch_writes(world.genesis));  // The register's are among them.
    out["story"] = story();
    out["register"] = registry_story();
    ASSERT_TRUE(world.decide(RotateKey{validator_key("org-a"), validator_key("new a")}).outcome.accepted());
    const ledger::Certificate none;
    Document first;
    first["section"] = "4: the first block of epoch 1, by validator 0, its parent certificate left empty";
    first["height"] = world.height.raw();
    first["writes"] = writes_of(
        begin_block({.context = world.context(), .parent = world.chain_id, .parent_certificate = &none}, world.state));
    out["begin_block"] = std::move(first);
    out["ceremony"] = ceremony();
    test::expect_golden(test::golden_vector("governance.json"), out.dump(2) + "\n");
}

}  // namespace
}  // namespace probatum::contracts
