#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/actions.h"
#include "contracts/epoch_terms.h"
#include "contracts/execution.h"
#include "contracts/genesis.h"
#include "evidence/source.h"
#include "ledger/block.h"
#include "ledger/evidence_log.h"
#include "ledger/state_tree.h"

/// A whole chain in memory, with real keys and real signatures but no consensus: blocks are made, executed and
/// certified on demand. Every byte follows from the calls made, so golden files can be made from it.
namespace probatum::test {

/// The secret key of "bank-a/maker-1" or "validator-2": always the same for the same name.
[[nodiscard]] SecretKey named_key(std::string_view name);

/// Four validators (bank-a, notary-c, court-d, guild-e) and the organisations of a loan: bank-a with maker-1, maker-2
/// and checker-1; trader-b with cfo-1 (borrower); surety-g with agent-1 (guarantor); bank-s with teller-1 (settlement
/// bank); notary-c with officer-1 (judicial officer); platform-p with admin-1 (platform administrator).
[[nodiscard]] contracts::Genesis sample_genesis(std::string chain_name = "probatum-test");

/// The same consortium with an electorate: the organisations of the four validators, each with a governor
/// ("bank-a/governor-1") and an operator ("bank-a/operator-1"); three votes enact.
[[nodiscard]] contracts::Genesis governed_sample_genesis(std::string chain_name = "probatum-test");

class MemoryChain final : public evidence::Source {
public:
    explicit MemoryChain(const contracts::Genesis& genesis = sample_genesis());

    /// Signs an action with the key of a member, "bank-a/maker-1". Salts and idempotency keys are counted on.
    [[nodiscard]] ledger::TransactionPtr sign(std::string_view member, const contracts::Action& action);
    /// With any named key, in the name of an organisation: of members that genesis does not name.
    [[nodiscard]] ledger::TransactionPtr sign_as(std::string_view organisation, std::string_view key_name,
                                                 const contracts::Action& action);
    /// Makes, executes and certifies the next block; every transaction must be admissible.
    std::vector<ledger::Outcome> add_block(const std::vector<ledger::TransactionPtr>& transactions);
    /// Proposes, votes and enacts a change; the block that enacts it closes its epoch. An own certificate for it.
    void enact(const contracts::Change& change);
    /// The recovery authorities name the validators of the next block; demands that the statements hold.
    void succeed(const std::vector<Bytes>& statements);
    /// One transaction in a block of its own.
    ledger::Outcome record(std::string_view member, const contracts::Action& action);
    /// The next block gets no finality certificate of its own; a later block makes it final.
    void next_is_final_by_descent() { descent_.insert(head_height() + 1); }
    /// Block time goes on by a second for each block, or by more.
    void wait_ms(std::uint64_t milliseconds) { now_ms_ += milliseconds; }

    [[nodiscard]] const Digest& chain_id() const { return chain_id_; }
    [[nodiscard]] const Digest& last_transaction() const { return last_transaction_; }
    [[nodiscard]] UnixMs now() const { return UnixMs{now_ms_}; }
    /// A certificate by these validators of the header's epoch, made with their real keys.
    [[nodiscard]] ledger::Certificate certify(ledger::VoteKind kind, const ledger::Header& header,
                                              const std::vector<ledger::ValidatorIndex>& signers) const;

    [[nodiscard]] const Bytes& genesis() const override { return genesis_bytes_; }
    [[nodiscard]] const ledger::Header& head() const override { return headers_.back(); }
    [[nodiscard]] Result<ledger::Header> header(Height height) const override;
    [[nodiscard]] Result<ledger::FinalityProof> finality(Height height) const override;
    [[nodiscard]] Result<Location> locate(const Digest& transaction) const override;
    [[nodiscard]] Result<ledger::TransactionPtr> transaction(const Digest& id) const override;
    [[nodiscard]] Result<ledger::Entry> entry(std::uint64_t log_index) const override;
    [[nodiscard]] Result<std::vector<Digest>> prove_entry(std::uint64_t log_index,
                                                          std::uint64_t log_size) const override;
    [[nodiscard]] std::optional<Bytes> state(const Digest& key) const override;
    [[nodiscard]] ledger::StateProof prove_state(const Digest& key) const override { return tree_.prove(key); }
    [[nodiscard]] Result<std::vector<ledger::EventLeaf>> events(const Digest& subject, bool refused, std::uint64_t from,
                                                                std::size_t limit) const override;
    [[nodiscard]] Result<std::vector<Listed>> list(std::uint8_t kind, ByteView key, std::optional<std::uint64_t> after,
                                                   std::size_t limit) const override;

private:
    class State final : public ledger::StateView {
    public:
        std::map<Digest, Bytes> values;
        [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override;
    };
    [[nodiscard]] std::uint64_t head_height() const { return headers_.size(); }
    void commit_writes(const ledger::StateOverlay::Writes& writes);
    void keep(const contracts::Execution& execution);
    [[nodiscard]] Salt next_salt();
    [[nodiscard]] const ledger::ValidatorSet& set_of(Epoch epoch) const { return sets_.at(epoch.raw()); }

    contracts::Genesis genesis_;
    Bytes genesis_bytes_;
    Digest chain_id_;
    std::vector<ledger::ValidatorSet> sets_;  ///< By epoch.
    std::uint64_t now_ms_{0};
    std::uint64_t counter_{0};
    Digest last_transaction_;

    std::vector<ledger::Header> headers_;
    std::set<std::uint64_t> descent_;
    State state_;
    ledger::StateTree tree_;
    std::vector<ledger::Entry> entries_;
    std::vector<Digest> entry_hashes_;
    std::map<Digest, Location> locations_;
    std::map<Digest, ledger::TransactionPtr> transactions_;
    std::map<std::pair<Digest, bool>, std::vector<ledger::EventLeaf>> events_;
    std::map<std::pair<std::uint8_t, Bytes>, std::vector<Listed>> lists_;
    std::uint64_t cursor_{0};
};

}  // namespace probatum::test
