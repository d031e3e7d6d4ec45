#pragma once

#include <optional>
#include <string>

#include "contracts/identity.h"
#include "contracts/standing.h"
#include "contracts/voucher_terms.h"

namespace probatum::contracts {

/// What `authorise` looked up in the world outside one contract. It stands in the event's leaf, so that the rules can
/// be run again without that world; a verifier takes it as attested by the quorum.
struct Resolved {
    std::string organisation;  ///< Of the signer.
    std::string member;
    RoleSet roles;                        ///< That the signer held at this height (I22).
    std::optional<Digest> certificate{};  ///< SHA-256 of the X.509 certificate bound to the key.
    KeyStatus key_status{KeyStatus::active};
    std::uint64_t rules_version{1};
    Digest parameters;                 ///< SHA-256 of the parameters' state value.
    std::optional<Digest> calendar{};  ///< SHA-256 of the calendar in force; none while no rule reads one.
    bool idempotency_key_used{false};  ///< By an accepted transaction of the organisation.
    /// Whether the bank reference was used before; only of payments.
    std::optional<bool> bank_reference_used{};
    /// Whether every organisation named is registered; of contract.register, claim.assign, voucher.transfer and
    /// voucher.finance.
    std::optional<bool> parties_registered{};
    /// Whether every contract that it is linked to is there; only of contract.register with links.
    std::optional<bool> links_known{};
    /// What the network allows vouchers; only of contract.register of one.
    std::optional<VoucherLimits> voucher_limits{};
    /// What of the signer's side or of the contract is frozen; the first of key, organisation, contract that is.
    std::optional<FreezeSubject::Kind> frozen{};
    friend bool operator==(const Resolved&, const Resolved&) = default;
};

/// {1: organisation, 2: member, 3: [* role], 4: certificate / null, 5: key status, 6: rules version, 7: parameters
/// digest,
///  8: calendar digest / null, 9: idempotency key used, ? 10: bank reference used, ? 11: parties registered,
///  ? 12: links known, ? 13: [usual days, most days, most levels], ? 16: frozen}
[[nodiscard]] Bytes encode(const Resolved& resolved);
[[nodiscard]] Result<Resolved> decode_resolved(ByteView bytes);

}  // namespace probatum::contracts
