#pragma once

#include <memory>

#include "contracts/execution.h"
#include "evidence/source.h"
#include "ledger/state_view.h"
#include "ledger/store/chain_store.h"
#include "node/pending_state.h"

namespace probatum::node {

/// The chain after one committed block, for everybody outside: what evidence is gathered from and clients read.
/// Threads: any. Keeping one pins old data on disk.
class FinalView final : public evidence::Source, public ledger::StateView {
public:
    struct Parts {
        std::shared_ptr<const Bytes> genesis;
        CommittedBase base;
        const ledger::store::Journal* journal;  ///< Outlives every view.
        UnixMs genesis_time;
    };
    explicit FinalView(Parts parts);

    [[nodiscard]] const Bytes& genesis() const override { return *parts_.genesis; }
    [[nodiscard]] const ledger::Header& head() const override { return head_; }
    [[nodiscard]] Result<ledger::Header> header(Height height) const override;
    [[nodiscard]] Result<ledger::FinalityProof> finality(Height height) const override;
    [[nodiscard]] Result<Location> locate(const Digest& transaction) const override;
    [[nodiscard]] Result<ledger::TransactionPtr> transaction(const Digest& id) const override;
    [[nodiscard]] Result<ledger::Entry> entry(std::uint64_t log_index) const override;
    [[nodiscard]] Result<std::vector<Digest>> prove_entry(std::uint64_t log_index,
                                                          std::uint64_t log_size) const override;
    [[nodiscard]] std::optional<Bytes> state(const Digest& key) const override;
    [[nodiscard]] ledger::StateProof prove_state(const Digest& key) const override;
    [[nodiscard]] Result<std::vector<ledger::EventLeaf>> events(const Digest& subject, bool refused, std::uint64_t from,
                                                                std::size_t limit) const override;
    [[nodiscard]] Result<std::vector<Listed>> list(std::uint8_t kind, ByteView key, std::optional<std::uint64_t> after,
                                                   std::size_t limit) const override;

    [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override { return state(key); }

    [[nodiscard]] const ledger::store::ChainView& chain() const { return *parts_.base.view; }
    [[nodiscard]] const CommittedBase& base() const { return parts_.base; }
    /// Id of the head; the chain id before block 1.
    [[nodiscard]] const Digest& head_id() const { return parts_.base.view->block_id(); }

private:
    Parts parts_;
    ledger::Header head_;  ///< Before block 1: height 0, the genesis time and state root.
};
using FinalViewPtr = std::shared_ptr<const FinalView>;

}  // namespace probatum::node
