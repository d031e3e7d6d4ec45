#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "consensus/events.h"
#include "ledger/validator_set.h"
#include "ledger/vote.h"

namespace probatum::consensus {

/// Chain parameters; never from a local file. All above zero; minimum <= start <= maximum.
struct Timing {
    std::uint32_t view_timeout_ms{1500};  ///< At the start of the machine; adapts between the bounds below.
    std::uint32_t retry_interval_ms{500};
    std::uint32_t idle_empty_block_ms{100};
    std::uint32_t silent_leader_views{8};
    std::uint32_t view_timeout_min_ms{view_timeout_ms};
    std::uint32_t view_timeout_max_ms{view_timeout_ms};
};

/// How the epoch before ended: a finality certificate of its closing block and the set that gave it.
struct Closing {
    ledger::ValidatorSet validators;
    Certificate finality;
};

/// The block that opened the epoch, which closed the one before: final before the epoch's first view. At genesis its id
/// is the chain id, its height 0.
struct Root {
    Digest id;
    Height height;
    std::optional<Closing> closing{};  ///< Absent exactly in epoch 0.
};

/// What is fixed for one epoch.
struct Setup {
    ledger::ValidatorSet validators;
    std::optional<ValidatorIndex> own;  ///< Absent for an observer, which follows and never votes.
    Digest chain_id;
    Epoch epoch;
    Root root;
    Timing timing{};
};

/// What the journal gives back: at a start, and for the epoch that follows one that ended in this life, too, because a
/// crash may have cost the end of an epoch in which later votes are on disk. Votes and certificates of other epochs are
/// ignored; the order does not matter.
struct Restored {
    /// The last final block of this epoch that this node has applied, with the finalize certificate for it.
    struct Final {
        BlockRef block;
        Certificate certificate;
    };
    std::optional<Final> final{};             ///< None: the root.
    std::vector<Vote> own_votes{};            ///< All own votes above `final`.
    std::vector<Certificate> certificates{};  ///< All above `final`, and the notarization of `final` itself.
    std::vector<BlockRef> blocks{};  ///< Blocks above `final` that are in the journal; executed again when asked.
};

/// The signature port. Signing happens inside step(); the vote goes nowhere before its PersistVote is on disk.
/// Deterministic (RFC 6979), so that a vote made again after a crash has the same bytes.
class VoteSigner {
public:
    virtual ~VoteSigner() = default;
    /// `self` is this validator as the epoch's set names it.
    [[nodiscard]] virtual Signature sign(const VoteTarget& target, const ledger::Validator& self) const = 0;
};

}  // namespace probatum::consensus
