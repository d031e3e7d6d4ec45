#include <gtest/gtest.h>

#include "contracts/evidence_record.h"
#include "contracts/state_keys.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::number;
using test::sample_deposit;
using test::World;

TEST(Deposit, TakesTwoKeysAndNamesItsDocument) {
    World world;
    const ledger::TransactionPtr transaction = world.sign("supplier-b/treasurer-1", {.body = sample_deposit()});
    const Execution done = world.run(transaction);
    EXPECT_TRUE(done.outcome.accepted());
    EXPECT_TRUE(done.events.empty());
    ASSERT_EQ(done.writes.size(), 2U);

    const Bytes record = *done.writes.at(state_keys::record("supplier-b", transaction->payload().idempotency_key));
    EXPECT_EQ(*decode_record(record), (Record{.action = "evidence.deposit", .transaction = transaction->id()}));

    const Digest document = sha256(as_bytes("a document"));
    ledger::log::Frontier expected;
    expected.append(ledger::log::leaf_hash(use_leaf(UseKind::record, transaction->id())));
    EXPECT_EQ(*done.writes.at(state_keys::document(document)), ledger::log::encode(expected));
    ASSERT_EQ(done.index.size(), 1U);
    EXPECT_EQ(done.index[0],
              (IndexEntry{
                  .kind = IndexEntry::Kind::document, .key = to_bytes(document.view()), .subject = transaction->id()}));
}

TEST(Deposit, TheSecondOfOneDocumentLengthensItsList) {
    World world;
    const auto first = world.sign("supplier-b/treasurer-1", {.body = sample_deposit()});
    const auto second = world.sign("bank-d/custodian-1", {.body = sample_deposit()});
    world.run(first);
    world.run(second);
    ledger::log::Frontier expected;
    expected.append(ledger::log::leaf_hash(use_leaf(UseKind::record, first->id())));
    expected.append(ledger::log::leaf_hash(use_leaf(UseKind::record, second->id())));
    EXPECT_EQ(world.state.get(state_keys::document(sha256(as_bytes("a document")))), ledger::log::encode(expected));
}

TEST(Deposit, OneDigestIsNotEnough) {
    for (const std::size_t kept : {0U, 1U}) {
        World world;
        DepositBody body = sample_deposit();
        body.digests = {body.digests[kept]};
        const Execution done = world.run("supplier-b/treasurer-1", {.body = body});
        EXPECT_EQ(done.outcome, (ledger::Outcome{number(Errc::digest_required), "digests"}));
        EXPECT_TRUE(done.writes.empty());
        EXPECT_TRUE(done.index.empty());
    }
}

TEST(Deposit, ARefusedOneDoesNotConsumeItsKeyAndAnAcceptedOneDoes) {
    World world;
    const auto key = world.fresh<16>("shared");
    DepositBody lacking = sample_deposit();
    lacking.digests.pop_back();
    EXPECT_FALSE(world.run(world.sign("supplier-b/treasurer-1", {.body = lacking}, key)).outcome.accepted());
    EXPECT_TRUE(world.run(world.sign("supplier-b/treasurer-1", {.body = sample_deposit()}, key)).outcome.accepted());
    const Execution again = world.run(world.sign("supplier-b/treasurer-1", {.body = sample_deposit("another")}, key));
    EXPECT_EQ(again.outcome, (ledger::Outcome{number(Errc::idempotency_conflict), "idempotency_key"}));
    EXPECT_TRUE(again.writes.empty());
    // The key is scoped to the organisation: another one may use the same bytes.
    EXPECT_TRUE(world.run(world.sign("bank-a/maker-1", {.body = sample_deposit()}, key)).outcome.accepted());
}

TEST(Deposit, IsForBusinessRoles) {
    for (const char* const who : {"bank-a/operator-1", "bank-a/governor-1", "court-e/officer-1", "court-e/auditor-1"}) {
        World world;
        EXPECT_EQ(world.run(who, {.body = sample_deposit()}).outcome.code, number(Errc::role_missing)) << who;
    }
    for (const char* const who : {"bank-a/maker-1", "bank-a/checker-1", "supplier-b/treasurer-1", "supplier-b/core-1",
                                  "guarantor-c/guarantor-1", "bank-d/custodian-1", "bank-d/settler-1"}) {
        World world;
        EXPECT_TRUE(world.run(who, {.body = sample_deposit()}).outcome.accepted()) << who;
    }
}

TEST(Deposit, NamingAContractThatIsNotThereIsRefused) {
    World world;
    const Execution done =
        world.run("bank-a/maker-1", {.contract = sha256(as_bytes("nothing")), .body = sample_deposit()});
    EXPECT_EQ(done.outcome, (ledger::Outcome{number(Errc::contract_unknown), "subject"}));
    EXPECT_TRUE(done.writes.empty());
    EXPECT_TRUE(done.events.empty());
}

}  // namespace
}  // namespace probatum::contracts
