#pragma once

#include <map>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include "consensus/block_tree.h"
#include "consensus/certificate_book.h"
#include "consensus/core.h"
#include "consensus/limits.h"
#include "consensus/own_votes.h"
#include "consensus/silent_leaders.h"
#include "consensus/timers.h"
#include "consensus/view_pace.h"
#include "consensus/vote_pool.h"

namespace probatum::consensus {

/// The inside of Core. An event only adds to what is known; then `settle` applies the rules until nothing changes. So a
/// rule is written once, whatever order the knowledge came in.
///
/// machine.cpp: construction, step, the loop.  machine_events.cpp: what an event adds.
/// machine_rules.cpp: voting, proposing, finality.  machine_epoch.cpp: how an epoch begins and ends.
/// machine_spreading.cpp: sending again, asking, answering.
class Core::Machine {
public:
    Machine(Setup setup, const ledger::SignatureChecker& checker, const VoteSigner* signer, Restored restored);
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    [[nodiscard]] Effects step(const Event& event);
    [[nodiscard]] Status status() const;
    [[nodiscard]] const std::optional<Certificate>& highest_finality() const { return book_.finality(); }

private:
    struct Proposal {
        BlockRef block;
        Vote leader_vote;
    };
    struct Parent {
        Digest id;
        View view;
        Height height;
        std::optional<Certificate> certificate;
        bool closing{false};
    };
    /// What starts afresh with each view.
    struct ThisView {
        bool timed_out{false};
        bool ran_out{false};                ///< By the timer, not for another reason.
        bool slow{false};                   ///< More than a part of the time is over (see ViewPace).
        bool empty_due{false};              ///< The leader's pause before an empty block is over.
        std::optional<bool> asked_build{};  ///< With the `allow_empty` of the last BuildBlock.
        std::set<ValidatorIndex> asked_ahead{};
        std::set<View> asked_views{};
        std::map<ValidatorIndex, std::uint32_t> bad_relays{};
    };

    // Events.
    void on(const Started&) {}
    void on(const ProposalArrived& event);
    void on(const BlockArrived& event);
    void on(const BlockBuilt& event);
    void on(const BuildDeclined& event);
    void on(const BlockExecuted& event);
    void on(const BlockTimely& event);
    void on(const VoteArrived& event);
    void on(const CertificateArrived& event);
    void on(const ViewAsked& event);
    void on(const PeerConnected& event);
    void on(const PeerDisconnected& event);
    void on(const TimerFired& event);
    void on(const WorkChanged& event);
    void on(const SyncedToFinal& event);
    void restore(const Restored& restored);
    void start();
    void count(const std::optional<VotePool::Contradiction>& contradiction, const VoteTarget& target);
    void hear(const Vote& vote);
    void take_relayed(const Vote& vote, ValidatorIndex from);
    void blame(ValidatorIndex peer);
    bool carries_parent(const BlockRef& block, const std::optional<Certificate>& certificate);
    bool offer(const Certificate& certificate);
    void accept(const Certificate& certificate);
    void move_vote_window();

    // The epoch's two ends.
    void check_root() const;
    [[nodiscard]] bool stands_on_root(const BlockRef& block) const;
    [[nodiscard]] bool proves_root(const std::optional<Certificate>& certificate) const;
    [[nodiscard]] bool has_ended() const { return blocks_.final_block().closing; }
    void hear_later_epoch();
    void note_repeat(const Vote& vote);
    [[nodiscard]] bool may_repeat(const BlockRef& block);
    void propose_repeat();
    void cast_repeat();
    void end_epoch();
    void serve_end(const Event& event);

    // Rules, applied until nothing changes.
    void settle();
    void enter_views();
    void learn_from_own_proposal();
    void learn_from_view();
    void follow_chains();
    void execute(const std::set<Digest>& chain);
    void deliver_final();
    void cast_finalize();
    void cast_notarize();
    void cast_nullify();
    void propose();
    void cast(VoteKind kind, View view, const Digest& block);
    [[nodiscard]] bool may_extend(const BlockRef& block);
    [[nodiscard]] std::optional<Parent> choose_parent();

    // Spreading.
    void send_again();
    void send_votes_again();
    void ask_again();
    void ask_for(const std::vector<View>& views, std::optional<ValidatorIndex> to);
    void answer(View view, ValidatorIndex to);
    bool repeats_itself(const VoteTarget& target, ValidatorIndex from, std::map<ValidatorIndex, VoteTarget>& last);

    // What is so.
    [[nodiscard]] bool votes_here() const { return setup_.own.has_value(); }
    [[nodiscard]] bool leads() const { return setup_.own && *setup_.own == leader(view_); }
    [[nodiscard]] ValidatorIndex leader(View view) const {
        return leader_of(setup_.epoch, view, setup_.validators.size());
    }
    [[nodiscard]] bool is_member(ValidatorIndex index) const { return index < setup_.validators.size(); }
    [[nodiscard]] bool is_foreign(ValidatorIndex index) const { return is_member(index) && setup_.own != index; }
    [[nodiscard]] bool is_own_proposal(const Vote& vote) const;
    [[nodiscard]] bool is_well_formed(const VoteTarget& target) const;
    [[nodiscard]] bool content_pending() const;
    [[nodiscard]] bool wants_empty_block() const;
    [[nodiscard]] bool is_active() const;
    [[nodiscard]] bool is_behind() const;
    [[nodiscard]] std::vector<ValidatorIndex> others(const Certificate& certificate) const;
    void run_timers();
    template <class T>
    void emit(T effect) {
        constexpr bool written = std::is_same_v<T, PersistVote> || std::is_same_v<T, PersistCertificate>;
        (written ? writes_ : effects_).emplace_back(std::move(effect));
    }

    Setup setup_;
    const ledger::SignatureChecker& checker_;
    const VoteSigner* signer_;

    View view_{1};
    ThisView now_;
    OwnVotes own_votes_;
    CertificateBook book_;
    VotePool pool_;
    BlockTree blocks_;
    SilentLeaders silent_;
    ViewPace pace_;
    Timers timers_;

    std::map<View, Proposal> proposals_;  ///< From the own view on, one per view.
    std::map<View, Vote> repeats_;        ///< Leaders' votes that may propose a closing block again; as proposals_.
    std::map<Digest, std::vector<ValidatorIndex>>
        missing_;                           ///< Blocks that certificates rest on and that are not here.
    std::optional<Digest> catching_up_;     ///< The final block that CatchUp named.
    std::map<ValidatorIndex, View> ahead_;  ///< The latest later view each peer was heard in.
    std::map<ValidatorIndex, VoteTarget> last_stale_vote_;
    std::map<ValidatorIndex, VoteTarget> last_stale_certificate_;
    std::uint32_t halvings_{0};
    std::uint64_t retries_{0};
    bool has_work_{false};
    bool work_since_build_{false};
    bool started_{false};
    bool alarmed_{false};
    bool later_epoch_heard_{false};
    std::set<ValidatorIndex> blamed_;  ///< In this step: one offence.
    bool changed_{false};              ///< A rule did something that another rule may build on.
    Effects writes_;                   ///< What this step persists.
    Effects effects_;
};

}  // namespace probatum::consensus
