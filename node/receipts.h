#pragma once

#include <vector>

#include "ledger/evidence_log.h"
#include "node/final_view.h"
#include "node/pending_state.h"
#include "node/service.h"

namespace probatum::node {

/// The receipt of a final transaction, read from the store. not_found, storage_corrupt.
[[nodiscard]] Result<Receipt> receipt_of(const FinalView& view, const Digest& transaction);

/// Receipts of blocks that have just become final, from memory alone.
class FreshReceipts {
public:
    /// @param chain  consecutive blocks, oldest first; the last one is what `finality` names.
    FreshReceipts(const std::vector<ExecutedPtr>& chain, std::size_t position, const ledger::Certificate& finality);
    /// Precondition: index below the number of the block's transactions.
    [[nodiscard]] Receipt make(std::uint32_t index) const;

private:
    [[nodiscard]] Digest node(ledger::log::Node where) const;

    const ExecutedBlock& block_;
    ledger::FinalityProof finality_;
    std::uint64_t first_;                      ///< Log index of the block's first entry.
    std::vector<std::vector<Digest>> levels_;  ///< Complete subtrees that hold at least one of the block's entries.
};

}  // namespace probatum::node
