#include "rpc/actions.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/text_encoding.h"

namespace probatum::rpc {
namespace {

Json digests() { return {{"sha-256", std::string(64, 'a')}, {"sm3", std::string(64, 'b')}}; }

Json register_body() {
    std::ifstream file{std::string{PROBATUM_SOURCE_DIR} + "/docs/samples/loan-terms.json"};
    std::stringstream text;
    text << file.rdbuf();
    Json body = *parse_json(text.str());
    body["documents"] =
        Json::array({{{"digests", digests()}, {"title", "Loan contract"}, {"media_type", "application/pdf"}}});
    body["kind"] = "loan";
    body["links"] = Json::array({{{"relation", "secures"}, {"contract", std::string(64, '9')}}});
    return body;
}

Json payment() {
    return {{"amount", "100000.00"},
            {"currency", "CNY"},
            {"value_date", "2026-11-21"},
            {"bank", "bank-s"},
            {"bank_reference", "R-1"}};
}

/// A point of the curve: its generator.
constexpr const char* kPoint = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

/// Every action with a body that is whole.
std::vector<std::pair<std::string, Json>> samples() {
    const Json deposit{{"digests", digests()},
                       {"size_bytes", 7},
                       {"media_type", "application/pdf"},
                       {"title", "Receipt"},
                       {"provenance",
                        {{"system", "core"},
                         {"system_version", "1.2"},
                         {"operator", "maker-1"},
                         {"method", "upload"},
                         {"captured_at", "2026-11-21T08:00:00.000Z"},
                         {"original_digests", digests()},
                         {"original_size_bytes", 9},
                         {"references", Json::array({{{"kind", "bank-receipt"}, {"value", "7"}}})},
                         {"witnesses", Json::array({std::string(64, 'c')})}}}};
    return {{"evidence.deposit", deposit},
            {"contract.register", register_body()},
            {"contract.sign", {{"documents", Json::array({{{"digests", digests()}}})}, {"seen", std::string(64, 'd')}}},
            {"contract.approve", {{"capacity", "checker"}}},
            {"contract.activate", Json::object()},
            {"contract.settle", Json::object()},
            {"fund.disburse", payment()},
            {"fund.repay", payment()},
            {"fund.acknowledge", {{"event", 6}, {"answer", "object"}}},
            {"gov.propose",
             {{"change", {{"kind", "add-validator"}, {"organisation", "bank-b"}, {"key", kPoint}}},
              {"override_liveness", true},
              {"note", "the fifth"}}},
            {"gov.vote", {{"proposal", std::string(64, 'e')}, {"choice", "reject"}}},
            {"gov.enact", {{"proposal", std::string(64, 'e')}}},
            {"misbehaviour.report", {{"proof", "8582"}}},
            {"member.add",
             {{"member", "clerk-1"},
              {"name", "A clerk"},
              {"key", kPoint},
              {"roles", {"lender-maker", "borrower"}},
              {"possession", "d284"}}},
            {"member.roles", {{"member", "clerk-1"}, {"roles", {"lender-checker"}}}},
            {"member.remove", {{"member", "clerk-1"}}},
            {"member.rotate", {{"key", kPoint}, {"possession", "d284"}, {"member", "clerk-1"}}},
            {"certificate.bind",
             {{"chain", {"3000", "3001"}},
              {"cross_signature", "3002"},
              {"status", Json::array({{{"kind", "ocsp"}, {"der", "3003"}}, {{"kind", "crl"}, {"der", "3004"}}})}}},
            {"index.publish", {{"index", "LPR-1Y"}, {"date", "2026-11-20"}, {"rate", "0.0345"}}},
            {"validator.ready", {{"key", kPoint}, {"statement", "d284"}}}};
}

constexpr Digest kContract{{7}};

TEST(Actions, EveryActionReadsAndShowsTheSameBody) {
    for (const auto& [name, body] : samples()) {
        const auto action = read_action(name, kContract, Params{body, "body"});
        ASSERT_TRUE(action) << name << ": " << action.error().to_string();
        EXPECT_EQ(contracts::action_name(action->body), name);
        EXPECT_EQ(view_of(action->body, {}), body) << name;
    }
}

/// Every change of the register, as gov.propose takes it.
TEST(Actions, EveryChangeOfTheRegisterReadsAndShowsTheSame) {
    const Json member{{"id", "officer-1"}, {"name", "An officer"}, {"key", kPoint}, {"roles", {"judicial-officer"}}};
    const Json document{{"digests", digests()}, {"title", "t"}, {"media_type", "text/html"}};
    for (const Json& change :
         std::vector<Json>{{{"kind", "join-organisation"},
                            {"organisation", "court-f"},
                            {"name", "己法院"},
                            {"identifier", "91330100799655058B"},
                            {"members", Json::array({member})}},
                           {{"kind", "remove-organisation"}, {"organisation", "court-f"}},
                           {{"kind", "set-member"}, {"organisation", "court-f"}, {"member", member}},
                           {{"kind", "remove-member"}, {"organisation", "court-f"}, {"member", "officer-1"}},
                           {{"kind", "freeze"}, {"subject", {{"organisation", "court-f"}}}},
                           {{"kind", "unfreeze"}, {"subject", {{"key_id", std::string(64, 'a')}}}},
                           {{"kind", "freeze"}, {"subject", {{"contract", std::string(64, 'a')}}}},
                           {{"kind", "trust-root"}, {"certificate", std::string(64, 'a')}, {"name", "CFCA"}},
                           {{"kind", "distrust-root"}, {"certificate", std::string(64, 'a')}},
                           {{"kind", "publish-calendar"},
                            {"code", "CN"},
                            {"weekend", {"sat", "sun"}},
                            {"holidays", {"2027-01-01", "2027-02-08"}},
                            {"working_days", {"2027-02-06"}}},
                           {{"kind", "name-publisher"}, {"index", "LPR-1Y"}, {"organisation", "bank-s"}},
                           {{"kind", "publish-template"},
                            {"template", "loan"},
                            {"language", "zh"},
                            {"title", "借款合同"},
                            {"documents", Json::array({document})}}}) {
        const Json body{{"change", change}, {"override_liveness", false}, {"note", ""}};
        Json given = body;
        given.erase("note");
        const auto action = read_action("gov.propose", {}, Params{given, "body"});
        ASSERT_TRUE(action) << change << ": " << action.error().to_string();
        EXPECT_EQ(view_of(action->body, {}), body);
        given["change"]["amonut"] = 1;
        EXPECT_EQ(read_action("gov.propose", {}, Params{given, "body"}).error().field, "body.change.amonut");
    }
    const Json unknown{{"change", {{"kind", "abolish"}}}};
    EXPECT_EQ(read_action("gov.propose", {}, Params{unknown, "body"}).error().field, "body.change.kind");
}

TEST(Actions, EveryMemberMattersAndAnUnknownOneIsRefused) {
    for (auto [name, body] : samples()) {
        body["amonut"] = 1;
        const auto action = read_action(name, kContract, Params{body, "body"});
        ASSERT_FALSE(action) << name;
        EXPECT_EQ(action.error().field, "body.amonut");
    }
}

TEST(Actions, AWrongValueIsNamedWithItsWholePath) {
    Json body = register_body();
    body["terms"]["rows"][2]["principal"] = "1.001";
    EXPECT_EQ(read_action("contract.register", {}, Params{body}).error().field, "terms.rows[2].principal");
    body = register_body();
    body["parties"][1]["capacity"] = "lendre";
    EXPECT_EQ(read_action("contract.register", {}, Params{body}).error().field, "parties[1].capacity");
    body = register_body();
    body["documents"][0]["digests"]["sm3"] = "00";
    EXPECT_EQ(read_action("contract.register", {}, Params{body}).error().field, "documents[0].digests.sm3");
    body = register_body();
    body["terms"]["allocation"][1] = "rent";
    EXPECT_EQ(read_action("contract.register", {}, Params{body}).error().field, "terms.allocation[1]");
    body = register_body();
    body.erase("documents");
    EXPECT_EQ(read_action("contract.register", {}, Params{body}).error().field, "documents");
}

TEST(Actions, AnActionAboutAContractNamesIt) {
    const auto action = read_action("contract.settle", {}, Params{Json::object()});
    ASSERT_FALSE(action);
    EXPECT_EQ(action.error().field, "contract");
    EXPECT_EQ(read_action("contract.eat", kContract, Params{Json::object()}).error().field, "action");
}

TEST(Actions, HiddenFieldsAreNull) {
    const auto action = read_action("fund.repay", kContract, Params{payment()});
    ASSERT_TRUE(action);
    const Json view = view_of(action->body, {"amount", "bank"});
    EXPECT_TRUE(view["amount"].is_null());
    EXPECT_TRUE(view["bank"].is_null());
    EXPECT_EQ(view["value_date"], "2026-11-21");
}

TEST(Actions, TheSummaryIsReadBackFromTheBytesToSign) {
    const contracts::SignerContext signer{
        .chain_id = Digest{{1}}, .organisation = "bank-a", .key = {}, .idempotency_key = {}, .valid_until = UnixMs{1}};
    for (const auto& [name, body] : samples()) {
        const bool alone = contracts::is_governance_action(name) || contracts::is_identity_action(name);
        const auto action = read_action(name, alone ? std::nullopt : std::optional{kContract}, Params{body});
        ASSERT_TRUE(action);
        const auto draft = contracts::build_transaction(*action, signer, [] { return Salt{}; });
        ASSERT_TRUE(draft) << name << ": " << draft.error().to_string();
        const auto summary = summary_of(*draft);
        ASSERT_TRUE(summary) << name << ": " << summary.error().to_string();
        const Json view = view_of(*summary);
        EXPECT_EQ(view["action"], name);
        for (const char* const amount : {"amount"}) {
            if (body.contains(amount)) {
                EXPECT_NE(view["text"].get<std::string>().find("100000.00 CNY"), std::string::npos) << view["text"];
            }
        }
    }
}

}  // namespace
}  // namespace probatum::rpc
