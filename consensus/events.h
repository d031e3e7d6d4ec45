#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/bytes.h"
#include "base/strong_id.h"
#include "ledger/validator_set.h"
#include "ledger/vote.h"

/// What the machine is told. Everything foreign may be false, stale, repeated or hostile; everything said about "here"
/// (built, executed, timely, fired, synchronised) comes from this validator's own node and is believed.
namespace probatum::consensus {

using ledger::Certificate;
using ledger::ValidatorIndex;
using ledger::Vote;
using ledger::VoteKind;
using ledger::VoteTarget;

/// What consensus knows of a block, read from its header by the node.
struct BlockRef {
    Digest id;
    Epoch epoch;
    Height height;
    View view;  ///< The view in which it was first proposed.
    Digest parent;
    View parent_view;  ///< View of the parent's notarization (0 where the parent opened the epoch).
    ValidatorIndex proposer{0};
    bool has_content{false};  ///< At least one transaction.
    /// Executing it changed what the next epoch is made of (validators, parameters, rules): it closes its epoch. Not in
    /// the header, so a proposal or a fetched block need not say it; BlockExecuted does.
    bool closing{false};
    friend bool operator==(const BlockRef&, const BlockRef&) = default;
};

/// First event after construction; re-sends what a restart may have kept from the wire.
struct Started {};

/// A block with its proposer's notarize vote came from the proposer itself. `parent_certificate` is the one the block
/// carries: the parent's notarization or, for a child of the root, what ended the epoch before (none in epoch 0). The
/// node holds the block and can execute it once the parent is executed; it may forget it again if neither a CheckBlock
/// nor a certificate names it by the time its view is over.
struct ProposalArrived {
    BlockRef block;
    Vote leader_vote;
    std::optional<Certificate> parent_certificate;
};

/// The node obtained a block that FetchBlock asked for; its id was compared with the request.
struct BlockArrived {
    BlockRef block;
    std::optional<Certificate> parent_certificate;
};

/// The leader's own block, as asked by BuildBlock: held, executed and timely here; `closing` says what executing it
/// showed.
struct BlockBuilt {
    BlockRef block;
};

/// BuildBlock without `allow_empty` found nothing to order. The next WorkChanged{true} asks again.
struct BuildDeclined {
    View view;
};

/// Result of CheckBlock: executed, roots compared. Never says anything about time.
struct BlockExecuted {
    Digest id;
    bool valid{false};
    bool closing{false};  ///< See BlockRef.
};

/// The block's time lies within the bound of this validator's clock (re-checked by the node until it does, or until a
/// ViewEntered beyond the block's view).
struct BlockTimely {
    Digest id;
};

/// `from` is the authenticated sender; nobody needs to relay votes, but a relayed one is checked at once and then
/// counts. The notarize vote of a view's leader for a closing block that is notarized already is that view's proposal.
/// A vote or certificate of a later epoch makes the machine ask how its own ended, whoever sent it.
struct VoteArrived {
    Vote vote;
    ValidatorIndex from{0};
};

struct CertificateArrived {
    Certificate certificate;
    ValidatorIndex from{0};
};

/// A peer asks for what closed `view` (see AskView).
struct ViewAsked {
    View view;
    ValidatorIndex from{0};
};

/// The connection to a validator came up (again): it is told where we stand. Optional, saves a retry interval.
struct PeerConnected {
    ValidatorIndex peer{0};
};

/// The connection to a validator broke: its next view gets no time until it is heard again.
struct PeerDisconnected {
    ValidatorIndex peer{0};
};

/// The id that SetTimer gave; ids of replaced or cancelled timers are ignored.
struct TimerFired {
    std::uint64_t timer{0};
};

/// Whether the pool holds at least one transaction that could go into a block. Tell every change, every new transaction
/// after a BuildDeclined, and the state of things after each Finalized (what an abandoned block held is waiting again);
/// repeating is harmless.
struct WorkChanged {
    bool has_work{false};
};

/// Synchronisation (see CatchUp) applied every block up to and with this one, all of this epoch: held, executed,
/// committed. The certificate is a finalize quorum for it. No Finalized follows for it or anything below; if it is
/// closing, the epoch has ended.
struct SyncedToFinal {
    BlockRef block;
    Certificate certificate;
};

using Event = std::variant<Started, ProposalArrived, BlockArrived, BlockBuilt, BuildDeclined, BlockExecuted,
                           BlockTimely, VoteArrived, CertificateArrived, ViewAsked, PeerConnected, PeerDisconnected,
                           TimerFired, WorkChanged, SyncedToFinal>;

}  // namespace probatum::consensus
