#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "consensus/events.h"

/// What the machine wants done. Effects of one step are carried out in order, and nothing after a Persist starts before
/// it is on disk. The Persists of a step stand first, so that one sync serves them all. What only goes to the network
/// may be dropped when queues are full: everything that matters is asked for or sent again.
namespace probatum::consensus {

/// Own vote to the journal; if it notarizes, the block is written in the same sync.
struct PersistVote {
    Vote vote;
};
/// Every certificate above the last final block, once, before anything that rests on it.
struct PersistCertificate {
    Certificate certificate;
};
/// Send the block `id` (which the node holds) with this vote of the view it was built for to everybody. Repeated at the
/// retry interval.
struct BroadcastProposal {
    Digest id;
    Vote leader_vote;
};
struct BroadcastVote {
    Vote vote;
};
struct BroadcastCertificate {
    Certificate certificate;
};
struct SendCertificate {
    Certificate certificate;
    ValidatorIndex to{0};
};
/// Ask `to` (or everybody, if absent) for what closed `view`: the peer feeds ViewAsked and the answer comes back as
/// CertificateArrived.
struct AskView {
    View view;
    std::optional<ValidatorIndex> to;
};
/// Build and execute a block on `parent` (executed here) for this view; answer with BlockBuilt. The block carries
/// `parent_certificate` (none for a child of the root in epoch 0) and its header says height = `height`, view = `view`.
/// With `allow_empty` build even without content; otherwise answer BuildDeclined if there is none. A later BuildBlock
/// replaces an unanswered one.
struct BuildBlock {
    View view;
    Digest parent;
    View parent_view;
    Height height;
    std::optional<Certificate> parent_certificate;
    bool allow_empty{false};
    std::uint32_t halvings{0};  ///< Divide the usual size limits by 2^halvings: own last blocks were nullified.
};
/// Execute the block and compare roots; answer with BlockExecuted. Asked only after its parent was executed and found
/// valid (or is the last final block), once per block. With `check_time`, also answer BlockTimely as soon as its time
/// is in bounds.
struct CheckBlock {
    Digest id;
    bool check_time{false};
};
/// Get this block from one of `from` (never own index); answer with BlockArrived. Repeated at the retry interval while
/// missing: ignore a repetition while the first is under way.
struct FetchBlock {
    Digest id;
    std::vector<ValidatorIndex> from;
};
/// The final block `target` (certificate included) is too far above the last Finalized one to walk there block by
/// block: synchronise the blocks up to `target` or a later final one, then tell SyncedToFinal. Repeated at the retry
/// interval.
struct CatchUp {
    BlockRef target;
    Certificate certificate;
};

/// The timers run beside each other.
enum class TimerKind : std::uint8_t {
    view = 0,         ///< Ends the wait for the leader: nullify.
    retry = 1,        ///< Sends and asks again.
    empty_block = 2,  ///< The leader's pause before an empty block or before a closing block is proposed again.
    pace = 3,         ///< A part of the view's time is over; from this the time-out adapts.
};
inline constexpr std::size_t kTimerKinds = 4;

/// Replaces the running timer of this kind, if any. Ids never repeat within one life of the machine.
struct SetTimer {
    TimerKind kind{TimerKind::view};
    std::uint64_t timer{0};
    std::uint32_t after_ms{0};
};
struct CancelTimer {
    TimerKind kind{TimerKind::view};
};

/// This block and its ancestors are final, and all of them down to the one of the Finalized before are held and were
/// executed here. Heights ascend from one Finalized to the next, perhaps by more than one. If the block is closing, the
/// epoch has ended: the machine votes no more and answers everything with this certificate. The next epoch's machine
/// has this block as its root and, of this node's journal, the votes and certificates of its own epoch.
struct Finalized {
    BlockRef block;
    Certificate certificate;
};
/// A block that a certificate names proved invalid here, or contradicts a final one: the node stops with an alarm. The
/// machine gives no further effects.
struct Alarm {
    Digest id;
};
/// Two contradictory votes of one validator, both verified: ledger::make_misbehaviour makes the portable proof. Once
/// per validator and view.
struct Equivocation {
    Vote first;
    Vote second;
};
/// This peer itself sent what does not hold: a vote of its own with a bad signature, a proposal or a certificate that
/// is none. Honest validators sign or check all that they send, so it is dishonest or broken: the node keeps it away
/// for a while. Nobody is blamed for votes of others that it passes on.
struct Blame {
    ValidatorIndex peer{0};
};
/// The view changed (for status, metrics and re-gossip of waiting transactions).
struct ViewEntered {
    View view;
    ValidatorIndex leader{0};
};

using Effect = std::variant<PersistVote, PersistCertificate, BroadcastProposal, BroadcastVote, BroadcastCertificate,
                            SendCertificate, AskView, BuildBlock, CheckBlock, FetchBlock, CatchUp, SetTimer,
                            CancelTimer, Finalized, Alarm, Equivocation, Blame, ViewEntered>;
using Effects = std::vector<Effect>;

}  // namespace probatum::consensus
