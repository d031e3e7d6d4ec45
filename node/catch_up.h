#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "ledger/block.h"
#include "ledger/store/chain_view.h"
#include "ledger/verified.h"
#include "node/protocol.h"

/// Synchronisation of final blocks by ranges of heights. The peer that serves is not trusted: a range counts only under
/// a quorum's certificate, chained by parent digests from the last final block here, and executed to the claimed roots.
namespace probatum::node {

struct RangeAnchor {
    Height height;  ///< Last final block here.
    Digest id;
};

/// Whose certificate a range needs. A range lies within one epoch: who follows learns the next set by executing the
/// block that closes this one.
struct RangeEpoch {
    const Digest& chain_id;
    Epoch epoch;
    const ledger::ValidatorSet& validators;
};

/// What one answer holds; one block always fits.
struct RangeLimits {
    std::size_t usual_bytes{4U << 20U};  ///< Beyond this it ends with the next directly final block.
    std::size_t most_bytes{24U << 20U};  ///< It never has more.
    std::size_t blocks{kMaxRangeBlocks};
};

/// The blocks of an answer. certificate_invalid, invalid_block, malformed: the peer is not to be asked again soon.
[[nodiscard]] Result<std::vector<ledger::BlockPtr>> verify_range(const RangeMessage& answer, const RangeAnchor& anchor,
                                                                 const RangeEpoch& epoch,
                                                                 const ledger::SignatureChecker& checker);

/// The answer to a request, read from the store: up to the last directly final block within the limits, or where there
/// is none as far as they go, with the headers up to the next one; not beyond the end of an epoch. Empty where nothing
/// is final at `from` here.
[[nodiscard]] Result<RangeMessage> serve_range(Height from, const ledger::store::ChainView& view,
                                               const ledger::store::Journal& journal, const RangeLimits& limits = {});

}  // namespace probatum::node
