#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "evidence/verify.h"
#include "fake_service.h"
#include "ledger/misbehaviour.h"
#include "rpc/dispatcher.h"
#include "rpc/methods.h"
#include "rpc/views.h"

namespace probatum::rpc {
namespace {

using contracts::AddValidator;
using test::named_key;

PublicKey validator(int number) { return named_key("validator-" + std::to_string(number)).public_key(); }

class GovernanceMethods : public ::testing::Test {
protected:
    test::FakeService service{test::governed_sample_genesis()};
    Dispatcher dispatcher{all_methods({service, std::make_shared<Waiting>(), {}}), {}};

    GovernanceMethods() {
        for (int i = 0; i < 4; ++i) {
            service.chain.add_block({});
        }
    }
    Json send(std::string_view method, const Json& params = Json::object()) {
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
    Digest propose(const contracts::Change& change) {
        const auto transaction =
            service.chain.sign("bank-a/governor-1", {.body = contracts::ProposeBody{.change = change}});
        EXPECT_TRUE(service.chain.add_block({transaction}).front().accepted());
        return transaction->id();
    }
};

TEST_F(GovernanceMethods, TheValidatorsWithWhoWasSeenAndHowManyMayCrash) {
    const Json terms = ask("chain.validators");
    EXPECT_EQ(terms["epoch"], 0);
    ASSERT_EQ(terms["validators"].size(), 4U);
    EXPECT_EQ(terms["validators"][0]["organisation"], "bank-a");
    EXPECT_TRUE(terms["validators"][0]["live"]);
    EXPECT_EQ(terms["strength"]["live"], 4);
    EXPECT_EQ(terms["strength"]["may_crash"], 1);
    EXPECT_EQ(terms["governance"]["threshold"], 3);
    EXPECT_EQ(terms["marks"][0]["block"], to_hex(service.chain_id()));
    EXPECT_EQ(terms["parameters"]["max_block_transactions"], 1024);
    EXPECT_EQ(send("chain.validators", {{"epoch", 9}})["error"]["code"], 402);
}

TEST_F(GovernanceMethods, AProposalShowsWhatItWouldDo) {
    const Digest id = propose(AddValidator{{"surety-g", validator(4)}});
    const Json proposal = ask("gov.get", {{"proposal", to_hex(id)}});
    EXPECT_EQ(proposal["status"], "open");
    EXPECT_EQ(proposal["change"]["kind"], "add-validator");
    EXPECT_EQ(proposal["change"]["key"], to_hex(validator(4).bytes()));
    EXPECT_EQ(proposal["accepted"], 1);
    EXPECT_EQ(proposal["assessment"]["before"]["may_crash"], 1);
    EXPECT_EQ(proposal["assessment"]["after"]["may_crash"], 0);  // The fifth is not ready yet.
    EXPECT_TRUE(proposal["assessment"]["problem"].is_null());
    EXPECT_EQ(send("gov.get", {{"proposal", std::string(64, '0')}})["error"]["code"], 321);
}

TEST_F(GovernanceMethods, ProposalsAreListedNewestFirstInPages) {
    const Digest first = propose(AddValidator{{"surety-g", validator(4)}});
    const Digest second = propose(contracts::RemoveValidator{validator(3)});
    const Json page = ask("gov.list", {{"limit", 1}});
    ASSERT_EQ(page["items"].size(), 1U);
    EXPECT_EQ(page["items"][0]["id"], to_hex(second));
    EXPECT_EQ(page["count"], 2);
    const Json rest = ask("gov.list", {{"limit", 5}, {"cursor", std::stoull(page["next_cursor"].get<std::string>())}});
    ASSERT_EQ(rest["items"].size(), 1U);
    EXPECT_EQ(rest["items"][0]["id"], to_hex(first));
    EXPECT_EQ(rest["items"][0]["status"], "withdrawn");
    EXPECT_TRUE(rest["next_cursor"].is_null());
}

TEST_F(GovernanceMethods, AfterAChangeTheOldEpochCanStillBeAskedFor) {
    service.chain.enact(AddValidator{{"surety-g", validator(4)}});
    EXPECT_EQ(ask("chain.validators")["epoch"], 1);  // Of the next block.
    EXPECT_EQ(ask("chain.validators")["validators"].size(), 5U);
    EXPECT_EQ(ask("chain.validators", {{"epoch", 0}})["validators"].size(), 4U);
    EXPECT_EQ(ask("gov.list")["items"][0]["status"], "enacted");
}

TEST_F(GovernanceMethods, TheTrustPathLeadsAReceiptToItsSet) {
    EXPECT_TRUE(ask("chain.trust_path")["steps"].empty());
    service.chain.enact(AddValidator{{"surety-g", validator(4)}});
    service.chain.add_block({});
    const auto path = read_trust_path(ask("chain.trust_path"));
    ASSERT_TRUE(path) << path.error().to_string();
    ASSERT_EQ(path->size(), 1U);
    EXPECT_EQ(path->front().next.size(), 5U);
    EXPECT_TRUE(path->front().succession.empty());
    EXPECT_FALSE(read_trust_path(Json{{"steps", {{{"next", "00"}}}}}));
}

TEST_F(GovernanceMethods, MisbehaviourIsShownWithItsProof) {
    EXPECT_EQ(ask("chain.misbehaviour")["count"], 0);
    const ledger::ValidatorSet set = service.genesis().validator_set();
    const auto vote = [&](std::uint8_t block) {
        ledger::Vote out{{ledger::VoteKind::finalize, Epoch{}, View{3}, Digest{{block}}}, 1, {}};
        out.signature =
            named_key("validator-1").sign(ledger::vote_signing_digest(out.target, service.chain_id(), set.at(1)));
        return out;
    };
    const Bytes proof = ledger::encode(*ledger::make_misbehaviour(vote(1), vote(2), set));
    ASSERT_TRUE(service.chain.record("bank-a/operator-1", {.body = contracts::ReportBody{proof}}).accepted());
    const Json page = ask("chain.misbehaviour");
    ASSERT_EQ(page["items"].size(), 1U);
    EXPECT_EQ(page["items"][0]["proof"], to_hex(proof));
    EXPECT_EQ(page["items"][0]["organisation"], "notary-c");
    EXPECT_EQ(page["items"][0]["view"], 3);
    EXPECT_EQ(page["items"][0]["statements"][0]["kind"], "finalize");
    EXPECT_EQ(page["items"][0]["reported_by"], "bank-a/operator-1");
}

}  // namespace
}  // namespace probatum::rpc
