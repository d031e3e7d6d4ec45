#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

#include "consensus/core.h"
#include "ledger/misbehaviour.h"
#include "ledger/store/journal.h"
#include "node/block_table.h"
#include "node/catch_up.h"
#include "node/clock.h"
#include "node/committer.h"
#include "node/executor.h"
#include "node/lane.h"
#include "node/mempool.h"
#include "node/message_budget.h"
#include "node/network.h"
#include "node/peer_directory.h"
#include "node/proposals.h"
#include "node/serving_places.h"
#include "node/signed_votes.h"
#include "node/stage_costs.h"
#include "node/succession_plan.h"

namespace probatum::node {

/// What the consensus lane reports to whoever asks for status.
struct DriverStatus {
    consensus::Status consensus;
    Height final_height;
    Digest final_block;
    bool behind{false};                               ///< Catching up.
    std::map<PeerId, StatusMessage> peers;            ///< What each peer told last.
    std::map<PeerId, std::int64_t> clock_offsets_ms;  ///< Peer's clock minus own, when it told.
    RulesPtr rules;                                   ///< Of the epoch.
    std::optional<ledger::ValidatorIndex> own;        ///< In its set; absent for who does not vote in it.
    std::vector<PeerId> members;                      ///< By position in its set.
    std::vector<ledger::Misbehaviour> misbehaviour;   ///< Proofs found here since the start, at most 64.
};

/// The consensus lane: feeds the pure machine, carries out its effects in order, runs its timers and writes the
/// journal. It never waits for execution or commit; both answer through its queue. Queue policy: what a peer sends is
/// dropped when the queue is full or too much of this peer waits (everything that matters is sent again), own results
/// always fit. Threads: the public
/// functions may be called from any; the rest is the lane's own.
///
/// When an epoch ends it puts a machine for the next one in the place of the old and learns its place in the new set;
/// whoever still speaks of an earlier epoch is sent the certificate that ended it.
class Driver {
public:
    struct Parts {
        const contracts::Genesis& genesis;
        RulesPtr rules;                       ///< Of the epoch that the next block belongs to.
        std::optional<KeyId> key;             ///< Own identity; absent for an observer.
        const consensus::VoteSigner* signer;  ///< nullptr exactly for an observer.
        ledger::store::Journal& journal;
        Committer& committer;
        Executor& executor;  ///< Touched on `execution` only.
        Lane& lane;          ///< Of consensus itself; not started.
        Lane& execution;
        Lane& serving;  ///< Answers peers from the store,
        Lane& answers;  ///< and with blocks that are not committed yet: for these, consensus waits.
        const Clock& clock;
        Mempool& pool;
        Network& network;
        const ledger::SignatureChecker& checker;
        StageCosts& costs;
        std::function<void(const Error&)> alarm;  ///< This node must stop.
        RangeLimits range{};
        std::optional<SuccessionPlan> succession{};  ///< What is to be gone on from, once that block is final here.
    };
    struct Start {
        RangeAnchor final;                     ///< Last final block, committed.
        std::vector<BlockTable::Held> blocks;  ///< From the journal, above it.
        SignedVotes signed_votes{};            ///< From the journal, above its view.
        consensus::Root root;                  ///< Of the epoch.
        consensus::Restored restored;          ///< Of this and of later epochs.
        std::uint64_t scan_from{0};            ///< Journal segment from which `restored` was read.
    };

    Driver(Parts parts, Start start);
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    void start();
    /// Ends after the task under way; orderly, with the journal synced.
    void stop(bool orderly = true);

    /// From validators; observers are served by the two functions below and reach no other lane.
    void on_message(PeerId from, Message message);
    void on_connected(PeerId peer, const Hello& hello);
    void on_disconnected(PeerId peer);
    void on_committed(Height height);
    void on_pool_grew();
    /// From the store, by the serving lane.
    void serve_block_to(PeerId from, const Digest& id);
    void serve_range_to(PeerId from, Height height);

    [[nodiscard]] DriverStatus status() const;
    /// Of the epoch that the next block belongs to.
    [[nodiscard]] RulesPtr rules() const;
    /// Whether this node votes in the present epoch.
    [[nodiscard]] bool votes() const { return votes_.load(std::memory_order_relaxed); }
    /// Last committed height: what peers can be served.
    [[nodiscard]] Height served_height() const { return Height{published_height_.load(std::memory_order_relaxed)}; }

private:
    void begin();
    [[nodiscard]] bool turn();
    [[nodiscard]] Moment next_wake() const;
    void fire_due();
    void housekeep();
    void publish_status();
    void publish_if_changed();
    void post_own(Lane::Task task) { parts_.lane.post(std::move(task)); }
    void raise(Error error);

    // driver_epoch.cpp
    void enter_set();
    void close_epoch(const consensus::BlockRef& block, const ledger::Certificate& finality, RulesPtr next);
    void begin_epoch();
    void consider_succession();
    void follow_succession(const ExecutedBlock& first);
    [[nodiscard]] consensus::Core make_core(consensus::Root root, consensus::Restored restored) const;
    /// What belongs to an earlier epoch is answered, what belongs to a later one is a reason to ask.
    [[nodiscard]] bool is_for_nobody(PeerId from, Epoch epoch);
    void serve_epoch_end(PeerId to, Epoch epoch);

    // driver_messages.cpp
    void handle(PeerId from, Message& message);
    void handle_proposal(PeerId from, Proposal proposal);
    void advance_proposal(PeerId from, Proposals::Step step);
    void handle_block(PeerId from, const BlockMessage& message);
    void handle_fetch_transactions(PeerId from, const FetchTransactionsMessage& message);
    void handle_fetch_block(PeerId from, const Digest& id);
    /// Answers away from the lane of consensus. What finds no place is asked for again, here or elsewhere.
    static void answer_on(Lane& lane, ServingPlaces& places, PeerId from, Lane::Task task);
    void handle_range(PeerId from, RangeMessage message);
    void handle_status(PeerId from, const StatusMessage& message);
    void take_block(const ledger::BlockPtr& block, const std::optional<ledger::Vote>& vote);
    void seek_range();
    [[nodiscard]] std::uint64_t slack() const { return own_ ? 8 : 0; }
    [[nodiscard]] Height honest_claim() const;
    [[nodiscard]] bool behind() const;
    struct RangeResult {
        std::vector<ExecutedPtr> executed;
        std::optional<Error> dishonest;
        std::optional<Error> refused;
    };
    void finish_range(PeerId from, Epoch asked_in, const RangeMessage& range, RangeResult result);
    void drop_late_range(const RangeResult& result);
    void apply_range(const std::vector<ExecutedPtr>& chain, const ledger::Certificate& finality);
    [[nodiscard]] RangeAnchor range_anchor();
    [[nodiscard]] Result<RulesPtr> rules_of_range(const RangeMessage& answer, const RulesPtr& own);

    // driver_effects.cpp
    void step(const consensus::Event& event);
    void carry_out();
    void persist(const consensus::Effects& effects);
    void sync_journal();
    void note_named(const ledger::VoteTarget& target);
    void write_block(BlockTable::Held& held);
    void apply(const consensus::PersistVote&) {}
    void apply(const consensus::PersistCertificate&) {}
    void apply(const consensus::BroadcastProposal& effect);
    void apply(const consensus::BroadcastVote& effect);
    void apply(const consensus::BroadcastCertificate& effect);
    void apply(const consensus::SendCertificate& effect);
    void apply(const consensus::AskView& effect);
    void apply(const consensus::CatchUp& effect);
    void apply(const consensus::SetTimer& effect);
    void apply(const consensus::CancelTimer& effect);
    void apply(const consensus::Finalized& effect);
    [[nodiscard]] bool contradicts_final(const consensus::BlockRef& block);
    void apply(const consensus::Alarm& effect);
    void apply(const consensus::Equivocation& effect);
    void apply(const consensus::Blame& effect);
    void apply(const consensus::ViewEntered& effect);
    /// Raises the alarm if this certificate shows that the journal is not the one that this key voted with.
    [[nodiscard]] bool remembers(const ledger::Certificate& certificate);
    void commit_chain(const std::vector<ExecutedPtr>& chain, const ledger::Certificate& finality);
    [[nodiscard]] std::uint64_t scan_from(View view, Height height) const;
    void forget_segments(View final);
    void tell_work();

    // driver_blocks.cpp
    void apply(const consensus::BuildBlock& effect);
    void apply(const consensus::CheckBlock& effect);
    void apply(const consensus::FetchBlock& effect);
    void build_if_due();
    void postpone(const consensus::CheckBlock& check);
    void resume_checks();
    void tell_timely();
    [[nodiscard]] UnixMs parent_time(const Digest& parent);
    [[nodiscard]] std::vector<ledger::ValidatorIndex> everybody() const;
    static void note_executed(BlockTable::Held& held, const ExecutedBlock& executed);
    /// Final blocks that may wait for the disk before this node checks no further ones and asks for none. Blocks that
    /// are not final yet do not count: only more blocks can make them final.
    static constexpr std::uint64_t kMaxUnwritten = 64;
    /// Final blocks that wait for the commit lane.
    [[nodiscard]] std::uint64_t uncommitted() const { return final_.height.raw() - committed_.raw(); }

    Parts parts_;
    MessageBudget budget_{{}};  ///< Of the peers' messages on the lane.
    ServingPlaces serving_places_;
    ServingPlaces answer_places_;
    RulesPtr rules_;
    PeerDirectory directory_;
    std::optional<ledger::ValidatorIndex> own_;
    consensus::Restored from_journal_;             ///< For the machines of later epochs, too.
    std::uint64_t restored_from_;                  ///< Where it was read from,
    Epoch restored_until_;                         ///< and the latest epoch that it has votes or certificates of.
    std::optional<consensus::Closing> opened_by_;  ///< What ended the epoch before the present one.
    consensus::Core core_;
    struct NextEpoch {
        RulesPtr rules;
        consensus::Root root;
    };
    std::optional<NextEpoch> next_epoch_;  ///< The present one has ended.
    std::map<PeerId, Moment> told_end_;    ///< When a peer was last told how its epoch ended.
    BlockTable blocks_;
    Proposals proposals_;
    consensus::Effects effects_;
    SignedVotes signed_votes_;
    bool stopped_by_alarm_{false};
    View view_{};

    RangeAnchor final_;
    Height committed_;
    bool dirty_{false};
    std::map<Digest, View> named_;  ///< Blocks that certificates above the last final one name: to be kept.
    std::map<View, std::uint64_t> view_segments_;  ///< Journal segment at the entry of each view that is not final.

    struct Timer {
        std::uint64_t id{0};
        Moment due;
    };
    std::array<std::optional<Timer>, consensus::kTimerKinds> timers_{};
    struct WaitingBuild {
        consensus::BuildBlock request;
        Moment due;
    };
    std::optional<WaitingBuild> build_;
    struct Timely {
        Digest id;
        UnixMs time;
        View view;
    };
    std::vector<Timely> untimely_;
    struct Postponed {
        consensus::CheckBlock check;
        Moment until;
    };
    std::map<Digest, Postponed> postponed_checks_;  ///< For want of the block, or of room behind the disk.
    std::unordered_map<Digest, Moment, DigestHash> fetching_;

    bool told_work_{false};
    bool declined_{false};
    std::atomic<bool> pool_signal_{false};
    std::atomic<bool> votes_{false};
    std::vector<ledger::Misbehaviour> misbehaviour_;
    Moment next_housekeeping_{};
    Height housekeeping_height_{};

    std::map<PeerId, StatusMessage> peers_;
    std::map<PeerId, std::int64_t> clock_offsets_ms_;
    Height claimed_height_{};  ///< The highest that anybody claims: reason to ask, nothing more.
    Height proven_height_{};   ///< The highest under a verified finality certificate.
    unsigned still_for_{0};    ///< Housekeepings since something became final here.
    struct Asked {
        PeerId peer{0};
        Height from;
        Moment at;
    };
    std::optional<Asked> range_asked_;
    static constexpr Moment::duration kRangeRetry = std::chrono::seconds{3};
    Moment::duration range_patience_{kRangeRetry};  ///< How long an answer may take before another peer is asked.
    std::mutex range_mutex_;
    std::set<PeerId> range_given_up_;  ///< Asked before, and not in time. Like the next two: for who brings messages.
    std::atomic<bool> range_came_late_{false};
    static constexpr PeerId kNoPeer = std::numeric_limits<PeerId>::max();
    std::atomic<PeerId> range_expected_{kNoPeer};  ///< From whom a range is taken.
    bool range_busy_{false};
    /// Proven final and executed, but without a certificate of their own: written with the block that brings one.
    std::vector<ExecutedPtr> ahead_;
    PeerId last_asked_{0};

    std::atomic<std::uint64_t> published_height_{0};
    View status_view_{};
    Moment next_publication_{};
    mutable std::mutex status_mutex_;
    DriverStatus status_;
};

}  // namespace probatum::node
