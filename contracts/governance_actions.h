#pragma once

#include "contracts/governance.h"

/// The bodies of the actions by which a network governs itself; none of them is about a contract.
/// Source: docs/formats.cddl, section "actions"; docs/spec/governance.md.
namespace probatum::contracts {

/// gov.propose. Counts as its organisation's vote for it, and withdraws the open proposal of the same organisation.
struct ProposeBody {
    Change change{};
    bool override_liveness{false};
    std::string note{};  ///< At most 256 bytes.
    friend bool operator==(const ProposeBody&, const ProposeBody&) = default;
};

/// gov.vote
struct VoteBody {
    Digest proposal;  ///< Transaction id of the gov.propose.
    Choice choice{Choice::accept};
    friend bool operator==(const VoteBody&, const VoteBody&) = default;
};

/// gov.enact. The block that holds it closes its epoch.
struct EnactBody {
    Digest proposal;
    friend bool operator==(const EnactBody&, const EnactBody&) = default;
};

/// validator.ready, signed by an operator of the organisation that runs the validator.
struct ReadyBody {
    PublicKey key;    ///< The validator's identity key.
    Bytes statement;  ///< Signed by it: contracts/readiness.h.
    friend bool operator==(const ReadyBody&, const ReadyBody&) = default;
};

inline constexpr std::size_t kMaxMisbehaviourBytes = 512;

/// misbehaviour.report
struct ReportBody {
    Bytes proof;  ///< ledger::Misbehaviour, encoded.
    friend bool operator==(const ReportBody&, const ReportBody&) = default;
};

/// By its name: gov.propose, gov.vote, gov.enact, validator.ready, misbehaviour.report.
[[nodiscard]] bool is_governance_action(std::string_view action);

}  // namespace probatum::contracts
