#include "rpc/methods.h"

#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "evidence/verify.h"
#include "fake_service.h"
#include "ledger/evidence_log.h"
#include "rpc/dispatcher.h"
#include "rpc/views.h"

namespace probatum::rpc {
namespace {

class MethodsTest : public ::testing::Test {
protected:
    test::FakeService service;
    std::shared_ptr<Waiting> waiting{std::make_shared<Waiting>()};
    Dispatcher dispatcher{all_methods({service, waiting, {.max_wait_ms = 1000}}), {}};

    /// The whole answer: {"result": ...} or {"error": ...}.
    Json send(std::string_view method, const Json& params) {
        std::optional<std::string> answer;
        dispatcher.handle(to_text({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}),
                          [&](std::optional<std::string> text) { answer = std::move(text); });
        return answer ? Json::parse(*answer) : Json{};
    }
    Json ask(std::string_view method, const Json& params = Json::object()) {
        const Json answer = send(method, params);
        EXPECT_TRUE(answer.contains("result")) << method << " " << answer;
        return answer.value("result", Json{});
    }
    Json refusal(std::string_view method, const Json& params) {
        const Json answer = send(method, params);
        EXPECT_TRUE(answer.contains("error")) << method << " " << answer;
        return answer.value("error", Json{});
    }

    static Json deposit(std::string_view text) {
        return {{"digests", {{"sha-256", to_hex(sha256(as_bytes(text)))}, {"sm3", to_hex(sm3(as_bytes(text)))}}},
                {"size_bytes", text.size()},
                {"media_type", "text/plain"}};
    }
    static contracts::Action action(std::string_view text) {
        return {.contract = {},
                .body = contracts::DepositBody{.digests = contracts::digests_of(as_bytes(text)),
                                               .size_bytes = text.size(),
                                               .media_type = "text/plain"}};
    }
    static SecretKey key() { return test::named_key("bank-a/maker-1"); }
    Json prepare(std::string_view text) {
        return ask("tx.prepare",
                   {{"action", "evidence.deposit"},
                    {"body", deposit(text)},
                    {"signer", {{"organisation", "bank-a"}, {"public_key", to_hex(key().public_key().bytes())}}}});
    }
    /// Signs as a client in any language does: SHA-256 of the given bytes, ECDSA, r and s.
    static Json parts(const Json& prepared) {
        const Bytes to_sign = *from_hex(prepared["signing_bytes"].get<std::string>());
        return {{"protected", prepared["protected"]},
                {"payload", prepared["payload"]},
                {"openings", prepared["openings"]},
                {"signature", to_hex(key().sign(sha256(to_sign)))}};
    }
    Json record(std::string_view text) {
        return ask("tx.submit", {{"prepared", parts(prepare(text))}, {"wait_ms", 500}});
    }
};

TEST_F(MethodsTest, AnyoneWithAKeyCanPrepareSignSubmitAndHoldAProof) {
    const Json prepared = prepare("a document");
    EXPECT_EQ(prepared["signing_digest"], to_hex(sha256(*from_hex(prepared["signing_bytes"].get<std::string>()))));
    EXPECT_NE(prepared["summary"]["en"].get<std::string>().find("vidence"), std::string::npos);
    const Json submitted = ask("tx.submit", {{"prepared", parts(prepared)}, {"wait_ms", 500}});
    ASSERT_EQ(submitted["status"], "final");
    EXPECT_EQ(service.last_wait_ms, 500);
    const Json& receipt = submitted["receipt"];
    EXPECT_TRUE(receipt["outcome"]["accepted"].get<bool>()) << receipt["outcome"];
    const auto read = read_receipt(receipt);
    ASSERT_TRUE(read) << read.error().to_string();
    EXPECT_EQ(to_hex(read->transaction), submitted["transaction"]);
    EXPECT_EQ(to_hex(ledger::id_of(read->header)), receipt["block"]);
    EXPECT_TRUE(ledger::log::verify_inclusion(ledger::log::leaf_hash(ledger::encode(read->entry)), read->log_index,
                                              read->header.log_size, read->log_path, read->header.log_root));
}

TEST_F(MethodsTest, TheWholeTransactionMayBeSentInHexadecimalOrBase64url) {
    const auto first = service.chain.sign("bank-a/maker-1", action("one"));
    EXPECT_EQ(ask("tx.submit", {{"transaction", to_hex(first->wire())}})["status"], "pending");
    const auto second = service.chain.sign("bank-a/maker-1", action("two"));
    EXPECT_EQ(ask("tx.submit", {{"transaction", to_base64url(second->wire())}})["transaction"], to_hex(second->id()));
}

TEST_F(MethodsTest, TheIdenticalTransactionAgainGetsTheOriginalReceipt) {
    const Json signed_parts = parts(prepare("once"));
    const Json first = ask("tx.submit", {{"prepared", signed_parts}, {"wait_ms", 1}});
    const Json again = ask("tx.submit", {{"prepared", signed_parts}});
    EXPECT_EQ(again["status"], "final");
    EXPECT_TRUE(again["receipt"]["already_recorded"].get<bool>());
    EXPECT_EQ(again["receipt"]["proof"], first["receipt"]["proof"]);
}

TEST_F(MethodsTest, AReceiptMayComeWithoutItsProof) {
    const Json submitted = ask("tx.submit", {{"prepared", parts(prepare("bare"))}, {"wait_ms", 1}, {"proof", false}});
    EXPECT_TRUE(submitted["receipt"]["outcome"]["accepted"].get<bool>());
    EXPECT_FALSE(submitted["receipt"].contains("proof"));
    EXPECT_TRUE(ask("tx.get", {{"id", submitted["transaction"]}})["receipt"].contains("proof"));
}

TEST_F(MethodsTest, AWaitThatRunsOutSaysPendingAndALongerOneIsCut) {
    service.hold_back = true;
    const std::string body = to_text({{"jsonrpc", "2.0"},
                                      {"id", 1},
                                      {"method", "tx.submit"},
                                      {"params", {{"prepared", parts(prepare("slow"))}, {"wait_ms", 90000}}}});
    std::optional<std::string> answer;
    dispatcher.handle(body, [&](std::optional<std::string> text) { answer = std::move(text); });
    EXPECT_FALSE(answer);
    EXPECT_EQ(service.last_wait_ms, 1000);
    service.give_up();
    ASSERT_TRUE(answer);
    const Json result = Json::parse(*answer)["result"];
    EXPECT_EQ(result["status"], "pending");
    EXPECT_EQ(ask("tx.get", {{"id", result["transaction"]}})["status"], "pending");
}

TEST_F(MethodsTest, AStoppingNodeAnswersThoseWhoWait) {
    service.hold_back = true;
    std::optional<std::string> answer;
    dispatcher.handle(to_text({{"jsonrpc", "2.0"},
                               {"id", 1},
                               {"method", "tx.submit"},
                               {"params", {{"prepared", parts(prepare("x"))}, {"wait_ms", 1000}}}}),
                      [&](std::optional<std::string> text) { answer = std::move(text); });
    waiting->release(refuse({Errc::not_final_yet, {}, "stops"}));
    ASSERT_TRUE(answer);
    EXPECT_EQ(Json::parse(*answer)["error"]["code"], 401);
    service.give_up();  // the late callback finds nobody
}

TEST_F(MethodsTest, WhatIsWrongWithATransactionIsAnsweredWithItsNumber) {
    Json wrong = parts(prepare("bad signature"));
    wrong["signature"] = parts(prepare("another"))["signature"];
    EXPECT_EQ(refusal("tx.submit", {{"prepared", wrong}})["code"], 104);
    service.refuse_with = Error{Errc::pool_full, {}, {}};
    const Json full = refusal("tx.submit", {{"prepared", parts(prepare("later"))}});
    EXPECT_EQ(full["code"], 400);
    EXPECT_TRUE(full["data"].contains("retry_after_ms"));
}

TEST_F(MethodsTest, WhatIsWrongWithTheCallIsInvalidParams) {
    EXPECT_EQ(refusal("tx.submit", Json::object())["code"], -32602);
    EXPECT_EQ(refusal("tx.submit", {{"transaction", "zz!"}})["data"]["field"], "transaction");
    EXPECT_EQ(refusal("tx.submit", {{"transaction", "82"}, {"prepared", Json::object()}})["code"], -32602);
    Json short_signature = parts(prepare("x"));
    short_signature["signature"] = "00";
    EXPECT_EQ(refusal("tx.submit", {{"prepared", short_signature}})["data"]["field"], "prepared.signature");
    Json request{{"action", "evidence.deposit"},
                 {"body", deposit("x")},
                 {"signer", {{"organisation", "bank-a"}, {"key_id", std::string(64, '0')}}}};
    request["body"]["size_bytes"] = -1;
    EXPECT_EQ(refusal("tx.prepare", request)["data"]["field"], "body.size_bytes");
    EXPECT_EQ(refusal("chain.block", {{"hight", 1}})["data"]["field"], "hight");
}

TEST_F(MethodsTest, ATransactionIsFoundByItsId) {
    const Json submitted = record("found");
    const Json found = ask("tx.get", {{"id", submitted["transaction"]}});
    EXPECT_EQ(found["status"], "final");
    EXPECT_EQ(found["transaction"]["organisation"], "bank-a");
    EXPECT_EQ(found["transaction"]["action"]["action"], "evidence.deposit");
    EXPECT_EQ(found["transaction"]["action"]["body"], deposit("found"));
    EXPECT_EQ(found["receipt"]["proof"], submitted["receipt"]["proof"]);
    EXPECT_EQ(refusal("tx.get", {{"id", std::string(64, '0')}})["code"], 402);
}

TEST_F(MethodsTest, EvidenceIsFoundByTransactionAndByDocument) {
    const Json first = record("a receipt");
    const Json second = record("a receipt");
    const Json by_id = ask("evidence.get", {{"id", first["transaction"]}});
    ASSERT_EQ(by_id["records"].size(), 1U);
    EXPECT_EQ(by_id["records"][0]["content"]["body"], deposit("a receipt"));
    const std::string document = to_hex(sha256(as_bytes("a receipt")));
    const Json by_document = ask("evidence.get", {{"id", document}});
    ASSERT_EQ(by_document["records"].size(), 2U);
    const Json page = ask("evidence.get", {{"id", document}, {"limit", 1}});
    ASSERT_EQ(page["records"].size(), 1U);
    const Json next = ask("evidence.get", {{"id", document}, {"limit", 1}, {"cursor", page["next_cursor"]}});
    EXPECT_EQ(next["records"][0]["transaction"], second["transaction"]);
    EXPECT_EQ(refusal("evidence.get", {{"id", std::string(64, '0')}})["code"], 402);
}

TEST_F(MethodsTest, ABlockShowsItsTransactionsAndWhyItIsFinal) {
    const Json submitted = record("in a block");
    const Json block = ask("chain.block");
    EXPECT_EQ(block["header"]["id"], submitted["receipt"]["block"]);
    ASSERT_EQ(block["transactions"].size(), 1U);
    EXPECT_EQ(block["transactions"][0]["id"], submitted["transaction"]);
    EXPECT_EQ(block["finality"]["certificate"]["kind"], "finalize");
    EXPECT_EQ(ask("chain.block", {{"height", 1}}), block);
    EXPECT_EQ(ask("chain.block", Json::array({1})), block);
    EXPECT_EQ(refusal("chain.block", {{"height", 0}})["code"], 402);
    EXPECT_EQ(refusal("chain.block", {{"height", 99}})["code"], 402);
}

TEST_F(MethodsTest, GenesisComesWithItsExactBytes) {
    const Json genesis = ask("chain.genesis");
    EXPECT_EQ(to_hex(contracts::chain_id_of(*from_hex(genesis["cbor"].get<std::string>()))), genesis["chain_id"]);
    EXPECT_EQ(genesis["validators"].size(), 4U);
}

TEST_F(MethodsTest, StatusNamesWhoIsMissingAndWhy) {
    service.answered.height = Height{7};
    service.answered.validators = {
        {.index = 0, .organisation = "bank-a", .address = {}, .self = true, .last_height = {}, .problem = {}},
        {.index = 1, .organisation = "notary-c", .address = "h:1", .last_height = {}, .problem = "connection refused"}};
    const Json status = ask("chain.status");
    EXPECT_EQ(status["height"], 7);
    ASSERT_EQ(status["missing"].size(), 1U);
    EXPECT_EQ(status["missing"][0]["organisation"], "notary-c");
    EXPECT_EQ(status["missing"][0]["problem"], "connection refused");
}

TEST_F(MethodsTest, ListsDemandExactlyOneSelector) {
    EXPECT_EQ(refusal("contract.list", Json::object())["code"], -32602);
    EXPECT_EQ(refusal("contract.list", {{"party", "bank-a"}, {"own_number", "1"}})["code"], -32602);
    EXPECT_EQ(refusal("contract.list", {{"bank_reference", "1"}})["data"]["field"], "bank");
    record("so that there is a block");
    EXPECT_TRUE(ask("contract.list", {{"party", "nobody"}})["contracts"].empty());
}

}  // namespace
}  // namespace probatum::rpc
