#include "cluster.h"
#include "ledger/evidence_log.h"

namespace probatum::test {
namespace {

TEST(Cluster, FourValidatorsMakeADepositFinalAndAgree) {
    Cluster cluster;
    cluster.start_all();
    const auto receipt = cluster.record(0, "a contract");
    ASSERT_TRUE(receipt.has_value()) << receipt.error().to_string();
    EXPECT_TRUE(receipt->entry.outcome.accepted());
    EXPECT_TRUE(ledger::verify_finality(receipt->header, receipt->finality, cluster.genesis().validator_set(), ledger::EcdsaChecker{}).has_value());
    const Digest leaf = ledger::log::leaf_hash(ledger::encode(receipt->entry));
    EXPECT_TRUE(ledger::log::verify_inclusion(leaf, receipt->log_index, receipt->header.log_size, receipt->log_path, receipt->header.log_root).has_value());
    EXPECT_TRUE(Cluster::eventually([&] { return cluster.agree() && cluster[3].status().height.raw() >= 1; }));
}

}  // namespace
}  // namespace probatum::test
