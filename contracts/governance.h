#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "contracts/liveness.h"
#include "contracts/registry_changes.h"

/// How the member organisations change what is in force: proposals, votes, enactment. One vote per elector, one change
/// per epoch. Source: docs/spec/governance.md. Threads: pure.
namespace probatum::contracts {

struct AddValidator {
    ledger::Validator validator;
    friend bool operator==(const AddValidator&, const AddValidator&) = default;
};
struct RemoveValidator {
    PublicKey key;
    friend bool operator==(const RemoveValidator&, const RemoveValidator&) = default;
};
/// The same validator of the same organisation goes on under a new identity key.
struct RotateKey {
    PublicKey from;
    PublicKey to;
    friend bool operator==(const RotateKey&, const RotateKey&) = default;
};
struct ChangeParameters {
    Parameters parameters;  ///< All of them.
    friend bool operator==(const ChangeParameters&, const ChangeParameters&) = default;
};
struct ChangeRules {
    std::uint64_t version{0};  ///< The one after the version in force.
    friend bool operator==(const ChangeRules&, const ChangeRules&) = default;
};
struct ChangeElectorate {
    GovernanceTerms terms;
    friend bool operator==(const ChangeElectorate&, const ChangeElectorate&) = default;
};
/// Those of the register take effect at once; every other one closes its epoch.
using Change = std::variant<ChangeRules, AddValidator, RemoveValidator, RotateKey, ChangeParameters, ChangeElectorate,
                            RegistryChange>;
[[nodiscard]] std::string_view name(const Change& change);  ///< "add-validator" ...

enum class Choice : std::uint8_t { accept = 1, reject = 2 };

struct ProposalVote {
    std::string organisation;
    std::string member;
    Choice choice{Choice::accept};
    Height height;
    friend bool operator==(const ProposalVote&, const ProposalVote&) = default;
};

enum class ProposalStatus : std::uint8_t { open = 1, withdrawn = 2, enacted = 3 };

/// Named by the transaction id of the gov.propose that made it, so that a vote names what it is about.
struct Proposal {
    std::uint64_t number{0};  ///< From 1, in the order of recording.
    std::string organisation;
    std::string member;
    Height height;
    UnixMs time;
    Epoch epoch;        ///< It can be enacted in this epoch alone: what it was judged against.
    UnixMs expires_at;  ///< The last block time at which it can be voted on or enacted.
    Change change;
    bool override_liveness{false};  ///< Enact it even if it loses the quorum of live validators.
    std::string note{};             ///< At most 256 bytes.
    ProposalStatus status{ProposalStatus::open};
    std::vector<ProposalVote> votes;  ///< In the order of recording; the first is the proposer's own.
    Height enacted{};                 ///< The block that enacted it; zero while it is not enacted.
    friend bool operator==(const Proposal&, const Proposal&) = default;

    /// Votes for it by organisations that are electors under these terms.
    [[nodiscard]] std::size_t accepted_by(const GovernanceTerms& terms) const;
};

[[nodiscard]] Bytes encode(const Proposal& proposal);
[[nodiscard]] Result<Proposal> decode_proposal(ByteView bytes);

[[nodiscard]] std::optional<GovernanceTerms> find_governance(const ledger::StateView& state);
[[nodiscard]] std::optional<Proposal> find_proposal(const ledger::StateView& state, const Digest& id);
[[nodiscard]] std::uint64_t proposal_count(const ledger::StateView& state);
[[nodiscard]] std::optional<Digest> find_proposal_id(const ledger::StateView& state, std::uint64_t number);

/// The terms that would follow from a change; `first` and `proposal` are left as they are. A change of the register is
/// judged and leaves the terms as they are. Errors: change_invalid with the field, validator_unknown, key_in_use,
/// key_retired; those of registry_writes.
[[nodiscard]] Result<EpochTerms> changed(const EpochTerms& now, const Change& change, const ledger::StateView& state);

/// How many validators may crash before and after a change.
struct Assessment {
    Strength before;
    Strength after;
    std::size_t supporters{0};  ///< Of the set after, for the rules version after.
    friend bool operator==(const Assessment&, const Assessment&) = default;
};
[[nodiscard]] Assessment assess(const LivenessView& view, const EpochTerms& now, const EpochTerms& after);

}  // namespace probatum::contracts
