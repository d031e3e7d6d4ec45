#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consensus/core.h"
#include "keyed_hash.h"

namespace probatum::consensus {

using Lines = std::vector<std::string>;
using Members = std::vector<ValidatorIndex>;

inline constexpr auto kNotarize = VoteKind::notarize;
inline constexpr auto kNullify = VoteKind::nullify;
inline constexpr auto kFinalize = VoteKind::finalize;

/// One core under test, told one thing per line; what it wants comes back as text, one line per effect:
///   "persist vote notarize 1 a", "vote nullify 3", "proposal a", "persist certificate finalize 1 a",
///   "certificate notarize 1 a", "certificate nullify 3 to 2", "ask 3 of 1", "build 4 on a", "check a", "check a and
///   time", "fetch a", "catch up to a", "timer view 1500", "cancel view", "final a", "alarm a", "equivocation of 2",
///   "blame 2", "view 2".
/// Blocks go by name. With n = 4 the leaders of views 1, 2, 3, 4 are 1, 2, 3, 0; own index is 0 unless told otherwise.
/// A later epoch begins at the block "root", which seven others finalised in their view 9; its leaders come one earlier
/// for each epoch.
class Scenario {
public:
    explicit Scenario(std::size_t validators = 4, std::optional<ValidatorIndex> own = 0, Timing timing = {},
                      Epoch epoch = {});

    // --- What the world is ---
    struct Shape {
        std::string parent{"root"};
        bool content{true};
        std::optional<View> parent_view{};  ///< Unless the parent's own.
        std::optional<Height> height{};     ///< Unless one above the parent.
        std::optional<ValidatorIndex> proposer{};
        std::optional<Epoch> epoch{};  ///< Unless the scenario's own.
        bool closing{false};           ///< As execution will say.
    };
    /// Declares a block of this view.
    Scenario& block(const std::string& name, std::uint64_t view, Shape shape);
    Scenario& block(const std::string& name, std::uint64_t view) { return block(name, view, Shape{}); }
    [[nodiscard]] const BlockRef& ref(const std::string& name) const { return blocks_.at(name); }

    // --- What happens: each gives the effects as text ---
    Lines start() { return tell(Started{}); }
    Lines proposal(const std::string& name) { return proposal(name, parent_certificate(name)); }
    Lines proposal(const std::string& name, const std::optional<Certificate>& parent_certificate);
    Lines executed(const std::string& name, bool valid = true) {
        return tell(BlockExecuted{ref(name).id, valid, ref(name).closing});
    }
    Lines timely(const std::string& name) { return tell(BlockTimely{ref(name).id}); }
    /// A proposal that is valid and timely: all effects of the three steps.
    Lines accepted_proposal(const std::string& name);
    Lines built(const std::string& name) { return tell(BlockBuilt{ref(name)}); }
    Lines arrived(const std::string& name) { return tell(BlockArrived{header_of(name), parent_certificate(name)}); }
    Lines vote(ValidatorIndex signer, VoteKind kind, std::uint64_t view, const std::string& name = {});
    Lines votes(const Members& signers, VoteKind kind, std::uint64_t view, const std::string& name = {});
    Lines forged_vote(ValidatorIndex signer, VoteKind kind, std::uint64_t view, const std::string& name = {});
    Lines relayed_vote(ValidatorIndex from, const Vote& vote) { return tell(VoteArrived{vote, from}); }
    Lines certificate(VoteKind kind, std::uint64_t view, const std::string& name = {}, ValidatorIndex from = 1);
    Lines asked(std::uint64_t view, ValidatorIndex from) { return tell(ViewAsked{View{view}, from}); }
    Lines work(bool has_work = true) { return tell(WorkChanged{has_work}); }
    /// Fires the running timer of this kind; "no such timer" if it does not run.
    Lines fires(TimerKind kind);
    Lines tell(const Event& event);
    /// What another epoch of this validator left in the same journal.
    void journal(const Vote& vote) { journal_.own_votes.push_back(vote); }
    void journal(const Certificate& certificate) { journal_.certificates.push_back(certificate); }
    /// The process dies and comes back with what was persisted.
    Lines restart();
    /// As restart(), after the first `kept` effects of the last step: the rest was lost (at most one Finalized in all).
    Lines restart_after(std::size_t kept);

    /// The journal lost its note that something was final: the crash came just before.
    void forget_final() { journal_.final.reset(); }

    // --- Makers ---
    [[nodiscard]] VoteTarget target(VoteKind kind, std::uint64_t view, const std::string& name = {}) const;
    [[nodiscard]] Vote signed_vote(ValidatorIndex signer, VoteKind kind, std::uint64_t view,
                                   const std::string& name = {}) const;
    [[nodiscard]] Certificate quorum(VoteKind kind, std::uint64_t view, const std::string& name = {}) const;
    [[nodiscard]] std::optional<Certificate> parent_certificate(const std::string& name) const;
    [[nodiscard]] const Effects& last_effects() const { return last_; }
    [[nodiscard]] Status status() const { return core_->status(); }
    [[nodiscard]] std::uint64_t signature_checks() const { return checker_.checks; }
    [[nodiscard]] bool timer_runs(TimerKind kind) const { return timers_.contains(kind); }
    [[nodiscard]] const testing::Signers& signers() const { return signers_; }
    [[nodiscard]] const testing::Signers& signers_before() const { return signers_before_; }
    /// A finality of the root by the given members of the set before.
    [[nodiscard]] Certificate root_finality(const Members& members, std::uint64_t view = 9) const;

private:
    [[nodiscard]] BlockRef header_of(const std::string& name) const;
    void remember(const Effect& effect);
    void expect_durable(const Vote& vote) const;
    std::string text(const Effect& effect) const;
    std::string text(const VoteTarget& target) const;
    std::string name_of(const Digest& id) const;
    void boot(Restored restored);

    Digest chain_id_;
    testing::Signers signers_;
    testing::Signers signers_before_;  ///< Of the epoch before, if there was one.
    testing::KeyedHashChecker checker_;
    std::unique_ptr<testing::MemberSigner> signer_;
    std::optional<ValidatorIndex> own_;
    Timing timing_;
    Epoch epoch_;
    std::optional<Core> core_;
    std::map<std::string, BlockRef> blocks_;
    std::map<TimerKind, std::uint64_t> timers_;
    Effects last_;
    Restored journal_;
};

/// The given lines appear, in this order, perhaps with others between.
MATCHER_P(HasInOrder, expected, "has in this order: " + ::testing::PrintToString(expected)) {
    auto at = arg.begin();
    for (const std::string& line : expected) {
        at = std::find(at, arg.end(), line);
        if (at == arg.end()) {
            *result_listener << "where '" << line << "' is missing or too early";
            return false;
        }
        ++at;
    }
    return true;
}
inline auto has_in_order(Lines expected) { return HasInOrder(std::move(expected)); }
inline auto has(const std::string& line) { return ::testing::Contains(line); }
inline auto has_no(const std::string& part) { return ::testing::Not(::testing::Contains(::testing::HasSubstr(part))); }

}  // namespace probatum::consensus
