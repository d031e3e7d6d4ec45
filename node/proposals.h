#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "node/mempool.h"
#include "node/network.h"
#include "node/protocol.h"

namespace probatum::node {

/// Makes whole blocks of proposals that name their transactions by id: from the pool, and for the rest from the
/// proposer. Bounded: one proposal of a view, the few latest views. Threads: one (consensus).
class Proposals {
public:
    struct Whole {
        ledger::BlockPtr block;
        ledger::Vote vote;
    };
    struct Step {
        std::optional<Whole> whole{};  ///< The block is complete.
        std::optional<Message> ask{};  ///< Otherwise: what to ask the proposer for.
    };

    explicit Proposals(Mempool& pool) : pool_{pool} {}

    /// A new proposal, or the same again: then the question is put again.
    [[nodiscard]] Step take(Proposal proposal);
    /// The answer to FetchTransactionsMessage, of the proposer alone. It may answer an earlier question than the last;
    /// what came meanwhile by other ways is passed over. malformed where a transaction does not decode.
    [[nodiscard]] Result<Step> take(ledger::ValidatorIndex from, const BlockTransactionsMessage& answer);
    /// A whole block arrived: the vote that waits for it, if any.
    [[nodiscard]] std::optional<ledger::Vote> vote_for(const Digest& block);
    /// Whether a proposal of this block waits for a part.
    [[nodiscard]] bool waits_for(const Digest& block) const { return waiting_.contains(block); }
    /// Forgets views that are over.
    void prune(View view);

private:
    struct Waiting {
        Proposal proposal;
        std::vector<ledger::TransactionPtr> found;
        std::vector<std::uint32_t> missing;
        bool whole_wanted{false};  ///< The parts did not make the block that was named.
    };
    [[nodiscard]] Step finish(const Digest& id, Waiting waiting);

    static constexpr std::size_t kMaxWaiting = 16;
    Mempool& pool_;
    std::map<Digest, Waiting> waiting_;
};

}  // namespace probatum::node
