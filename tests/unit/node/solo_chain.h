#pragma once

#include "cluster.h"
#include "consensus/leader_schedule.h"
#include "ledger/store/chain_store.h"
#include "ledger/store/journal.h"
#include "node/executor.h"

/// One executor over a real store and journal, with a clock and votes that the test makes: execution and
/// synchronisation without sockets and threads.
namespace probatum::test {

class SoloChain : public node::ExecutionPorts {
public:
    explicit SoloChain(contracts::Genesis genesis = sample_genesis())
        : genesis_{std::move(genesis)}, chain_id_{contracts::chain_id_of(contracts::encode(genesis_))} {
        auto chain =
            ledger::store::ChainStore::open(folder_.path() / "state", chain_id_, contracts::genesis_state(genesis_));
        EXPECT_TRUE(chain.has_value());
        chain_ = *std::move(chain);
        auto journal = ledger::store::Journal::create(files_, folder_.path() / "journal", chain_id_, {});
        EXPECT_TRUE(journal.has_value());
        journal_ = *std::move(journal);
        tree_ = *chain_->view()->state_tree();
        rules_ = rules_of_child(*chain_->view());
        executor_ = std::make_unique<node::Executor>(pool_, *this, costs_);
    }
    const contracts::Genesis& genesis() const override { return genesis_; }
    node::RulesPtr rules_of_child(const ledger::StateView& after) const override {
        return node::make_rules(chain_id_, genesis_.time, contracts::terms_of_child(after, genesis_));
    }

    node::CommittedBase committed() const override { return {chain_->view(), tree_}; }
    Result<void> check_signature(const ledger::Transaction& transaction, const ledger::StateView& state) override {
        ++signatures_checked_;
        PROBATUM_LET(key, contracts::find_key(state, transaction.header().key_id));
        return key.verify(transaction.signing_digest(), transaction.statement().signature);
    }
    void inadmissible(const Digest& transaction, const Error& why) override {
        pool_.drop(transaction);
        dropped_.push_back(why.code);
    }

    ledger::TransactionPtr offer(std::string_view document, UnixMs valid_until = {},
                                 std::string_view media_type = "application/pdf") {
        if (valid_until == UnixMs{}) {
            valid_until = UnixMs{now_.raw() + 3'600'000};
        }
        return offer(
            *ledger::Transaction::decode(deposit(chain_id_, document, valid_until, "bank-a/maker-1", media_type)));
    }
    ledger::TransactionPtr offer(const ledger::TransactionPtr& transaction) {
        EXPECT_TRUE(pool_.add(transaction, contracts::work_units(*transaction)).has_value());
        return transaction;
    }

    ledger::Certificate certificate(ledger::VoteKind kind, View view, const Digest& block,
                                    std::size_t signers = 3) const {
        ledger::Certificate out{{kind, Epoch{0}, view, block}, {}};
        for (ledger::ValidatorIndex i = 0; i < signers; ++i) {
            const ledger::Validator& validator = rules_->validators.at(i);
            const SecretKey key = key_of("validator " + validator.organisation);
            out.signers.push_back({i, key.sign(ledger::vote_signing_digest(out.target, chain_id_, validator))});
        }
        return out;
    }

    node::Executor::BuildRequest request_on(const ledger::BlockPtr& parent) const {
        node::Executor::BuildRequest out;
        out.height = parent ? parent->header.height.next() : Height{1};
        out.view = parent ? parent->header.view.next() : View{1};
        out.parent = parent ? parent->id : chain_id_;
        if (parent) {
            out.parent_certificate = certificate(ledger::VoteKind::notarize, parent->header.view, parent->id);
        }
        out.proposer = consensus::leader_of(Epoch{0}, out.view, rules_->validators.size());
        out.now = now_;
        out.allow_empty = true;
        return out;
    }

    /// Builds on `parent` (null: on genesis).
    node::ExecutedPtr build(const ledger::BlockPtr& parent) { return executor_->build(request_on(parent)); }

    void commit(const node::ExecutedPtr& executed, bool direct = true) {
        const auto position = journal_->append(*executed->block);
        journal_->sync();
        const ledger::Header& header = executed->block->header;
        chain_->commit(
            {executed->block, position, executed->entries, executed->writes, executed->events, executed->index,
             direct ? std::optional{certificate(ledger::VoteKind::finalize, header.view, executed->block->id)}
                    : std::nullopt,
             0});
        tree_ = executed->tree;
        pool_.remove_final(executed->block->transactions);
        executor_->prune();
    }

    TemporaryFolder folder_;
    contracts::Genesis genesis_;
    Digest chain_id_;
    node::RulesPtr rules_;
    ledger::store::PosixFiles files_;
    std::unique_ptr<ledger::store::ChainStore> chain_;
    std::unique_ptr<ledger::store::Journal> journal_;
    ledger::StateTree tree_;
    node::Mempool pool_{{}};
    node::StageCosts costs_;
    std::unique_ptr<node::Executor> executor_;
    UnixMs now_{1'795'000'100'000};
    std::vector<Errc> dropped_;
    int signatures_checked_{0};
};

}  // namespace probatum::test
