#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/core.h"
#include "keyed_hash.h"

namespace probatum::testing {

/// Reads arbitrary bytes as a story told to one core (events good and bad, answers late or false, restarts) and watches
/// the effects with an eye of its own: what the machine says must follow from what is on its disk.
///
/// The world obeys the assumption of at most f liars where it hands out certificates; single votes may be anything.
/// Used by the property test and by fuzz_consensus_step.
class ConsensusScript {
public:
    explicit ConsensusScript(ByteView bytes);
    /// What went wrong, in words; empty if nothing did.
    [[nodiscard]] const std::string& run();

private:
    using Event = consensus::Event;
    using VoteKind = ledger::VoteKind;
    static constexpr std::size_t kViews = 12;
    static constexpr std::size_t kBlocks = 2 * kViews;

    // The world.
    std::uint8_t byte() { return at_ < bytes_.size() ? bytes_[at_++] : std::uint8_t{0}; }
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : byte() % bound; }
    ledger::ValidatorIndex member() { return static_cast<ledger::ValidatorIndex>(below(set_.size())); }
    void make_blocks();
    [[nodiscard]] const consensus::BlockRef& some_block() { return blocks_[below(kBlocks)]; }
    [[nodiscard]] ledger::VoteTarget some_target();
    [[nodiscard]] bool world_allows(const ledger::VoteTarget& target);
    [[nodiscard]] bool world_notarizes(const consensus::BlockRef& block);
    [[nodiscard]] bool world_repeats(const consensus::BlockRef& block, View again);
    [[nodiscard]] const consensus::BlockRef* find(const Digest& id) const;
    [[nodiscard]] ledger::Certificate quorum(const ledger::VoteTarget& target);
    [[nodiscard]] std::optional<ledger::Certificate> parent_certificate(const consensus::BlockRef& block);

    // The story.
    std::optional<Event> next_event();
    Event some_vote();
    std::optional<Event> some_certificate();
    std::optional<Event> some_answer();
    void restart();
    void tell(const Event& event);

    // The eye.
    void blame(std::string what) {
        if (blame_.empty()) {
            blame_ = std::move(what);
        }
    }
    void watch(const consensus::PersistVote& effect);
    void watch(const consensus::PersistCertificate& effect);
    void watch(const consensus::BroadcastProposal& effect);
    void watch(const consensus::BroadcastVote& effect);
    void watch(const consensus::BroadcastCertificate& effect);
    void watch(const consensus::BuildBlock& effect);
    void watch(const consensus::CheckBlock& effect);
    void watch(const consensus::FetchBlock& effect);
    void watch(const consensus::SetTimer& effect);
    void watch(const consensus::CancelTimer& effect);
    void watch(const consensus::Finalized& effect);
    void watch(const consensus::Alarm& effect);
    void watch(const consensus::Equivocation& effect);
    void watch(const consensus::Blame& effect);
    void watch(const consensus::ViewEntered& effect);
    template <class Other>
    void watch(const Other&) {}
    [[nodiscard]] bool proven(const ledger::VoteTarget& target) const;
    void watch_notarize(const ledger::VoteTarget& target);
    void watch_repeat(const consensus::BlockRef& block, View again);
    void watch_memory();

    ByteView bytes_;
    std::size_t at_{0};
    Digest chain_id_;
    ledger::ValidatorSet set_;
    Signers signers_;
    KeyedHashChecker checker_;
    std::optional<ledger::ValidatorIndex> own_;
    std::optional<MemberSigner> signer_;
    std::vector<consensus::BlockRef> blocks_;
    std::map<View, Digest> notarized_;
    std::set<View> nullified_;
    std::set<View> finalized_;

    std::set<ledger::ValidatorIndex> culprits_;  ///< Sent what does not hold, in their own name.

    std::optional<consensus::Core> core_;
    std::vector<ledger::Vote> votes_;
    std::vector<ledger::Certificate> certificates_;
    std::optional<consensus::Restored::Final> final_;
    std::set<Digest> executed_;
    std::set<Digest> asked_to_check_;
    std::set<Digest> fetched_;
    std::optional<consensus::BuildBlock> build_;
    std::map<consensus::TimerKind, std::uint64_t> timers_;
    View view_{0};
    bool alarmed_{false};
    std::string blame_;
};

}  // namespace probatum::testing
