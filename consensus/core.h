#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/strong_id.h"
#include "ledger/validator_set.h"
#include "ledger/vote.h"

/// Simplex consensus (Chan and Pass, TCC 2023, IACR ePrint 2023/463) as a pure machine: step(event) -> effects. It knows
/// block ids, never blocks; it has no clock, disk, socket or thread. DESIGN section 5 is its specification.
namespace probatum::consensus {

using ledger::Certificate;
using ledger::ValidatorIndex;
using ledger::Vote;
using ledger::VoteTarget;

/// What consensus knows of a block, read from its header by the node.
struct BlockRef {
    Digest id;
    Epoch epoch;
    Height height;
    View view;                 ///< The view in which it was first proposed.
    Digest parent;
    View parent_view;          ///< View of the parent's notarization (0 where the parent opened the epoch).
    ValidatorIndex proposer{0};
    bool has_content{false};   ///< At least one transaction.
    friend bool operator==(const BlockRef&, const BlockRef&) = default;
};

struct Timing {
    std::uint32_t view_timeout_ms{1500};
    std::uint32_t retry_interval_ms{500};
    std::uint32_t idle_empty_block_ms{100};
    std::uint32_t silent_leader_views{8};
};

// --- Events -----------------------------------------------------------------------------------------------------------

/// First event after construction.
struct Started {};
/// A block with its proposer's notarize vote came from a peer. `parent_certificate` is the one the block carries (none for
/// a child of the block that opened the epoch). The node holds the block and can execute it once the parent is.
struct ProposalArrived {
    BlockRef block;
    Vote leader_vote;
    std::optional<Certificate> parent_certificate;
};
/// The node obtained, for a fetch or by synchronisation, a block that a certificate names.
struct BlockArrived { BlockRef block; std::optional<Certificate> parent_certificate; };
/// The leader's own block, built and executed here, as asked by BuildBlock.
struct BlockBuilt { BlockRef block; };
/// Result of CheckBlock: executed, roots compared. Never says anything about time.
struct BlockExecuted { Digest id; bool valid{false}; };
/// The block's time lies within the bound of this validator's clock (re-checked by the node until it does).
struct BlockTimely { Digest id; };
struct VoteArrived { Vote vote; ValidatorIndex from{0}; };
struct CertificateArrived { Certificate certificate; ValidatorIndex from{0}; };
/// A peer asks for what closed `view` (or for the highest finality certificate if that is later).
struct ViewAsked { View view; ValidatorIndex from{0}; };
struct TimerFired { std::uint64_t timer{0}; };   ///< The id that SetTimer gave; stale ids are ignored.
/// Whether the pool holds at least one transaction that could go into a block.
struct WorkChanged { bool has_work{false}; };

using Event = std::variant<Started, ProposalArrived, BlockArrived, BlockBuilt, BlockExecuted, BlockTimely, VoteArrived,
                           CertificateArrived, ViewAsked, TimerFired, WorkChanged>;

// --- Effects: carried out in order; nothing after a Persist starts before it is on disk ------------------------------------

/// Own vote to the journal; if it notarizes, the block is written in the same sync.
struct PersistVote { Vote vote; };
struct PersistCertificate { Certificate certificate; };
/// Send the block `id` (which the node holds) with this vote to everybody.
struct BroadcastProposal { Digest id; Vote leader_vote; };
struct BroadcastVote { Vote vote; };
struct BroadcastCertificate { Certificate certificate; };
struct SendCertificate { Certificate certificate; ValidatorIndex to{0}; };
/// Ask `to` (or everybody, if absent) for what closed `view`.
struct AskView { View view; std::optional<ValidatorIndex> to; };
/// Build and execute a block on `parent` for this view; answer with BlockBuilt. `allow_empty`: build even without content.
struct BuildBlock { View view; Digest parent; std::optional<Certificate> parent_certificate; bool allow_empty{false}; };
/// Execute the block and compare roots; answer with BlockExecuted. With `check_time`, also BlockTimely once it is.
struct CheckBlock { Digest id; bool check_time{false}; };
/// Get this block from one of `from`; answer with BlockArrived.
struct FetchBlock { Digest id; std::vector<ValidatorIndex> from; };
/// Replaces the running timer, if any.
struct SetTimer { std::uint64_t timer{0}; std::uint32_t after_ms{0}; };
struct CancelTimer {};
/// This block and its ancestors are final. Ascending and gap-free per chain of parents is the node's to establish.
struct Finalized { BlockRef block; Certificate certificate; };
/// A block that a certificate names proved invalid here: the node stops with an alarm.
struct Alarm { Digest id; };
/// Two contradictory votes of one validator, both verified.
struct Equivocation { Vote first; Vote second; };
/// The view changed (for status and metrics).
struct ViewEntered { View view; ValidatorIndex leader{0}; };

using Effect = std::variant<PersistVote, PersistCertificate, BroadcastProposal, BroadcastVote, BroadcastCertificate,
                            SendCertificate, AskView, BuildBlock, CheckBlock, FetchBlock, SetTimer, CancelTimer, Finalized,
                            Alarm, Equivocation, ViewEntered>;
using Effects = std::vector<Effect>;

}  // namespace probatum::consensus
