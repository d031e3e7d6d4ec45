#pragma once

#include <optional>
#include <vector>

#include "contracts/actions.h"
#include "contracts/contract_state.h"
#include "contracts/contract_terms.h"
#include "contracts/resolved.h"

/// The rules as pure functions of one contract, whatever its kind. Nothing here reads the world: the offline verifier
/// runs exactly this again. Source: docs/spec/contracts.md.
namespace probatum::contracts {

struct Contract {
    ContractTerms terms;
    ContractState state;
    friend bool operator==(const Contract&, const Contract&) = default;
};

/// The movements of one contract by the sequence of their events: execution reads them in the state, a verifier among
/// what it applied before.
class Postings {
public:
    virtual ~Postings() = default;
    /// Nothing where the event moved no money, or is not there.
    [[nodiscard]] virtual std::optional<Posting> find(std::uint64_t sequence) const = 0;
};

/// One attempt at a contract.
struct Event {
    const DecodedAction& action;
    const Postings& postings;
};

struct PostingChange {
    std::uint64_t sequence{0};
    Posting posting;
    friend bool operator==(const PostingChange&, const PostingChange&) = default;
};

/// What an accepted event changes.
struct Applied {
    std::optional<ContractTerms> terms{};  ///< Where they are new: of contract.register.
    ContractState state;
    std::vector<PostingChange> postings{};  ///< Made or changed, each once, sequences ascending.
};

/// Applies one event to a contract, or says which rule refuses it. On refusal nothing has changed.
///
/// @param before    null where no contract has the id yet.
/// @param resolved  what the world said about the signer and the uniqueness of references, as it stands in the leaf.
/// @param date      the civil date of the block under the contract's offset, from `event_date`.
/// Errors: idempotency_conflict, contract_unknown, already_exists, not_a_party, role_missing, then those of the action.
/// Precondition: no sealed field of the action is hidden.
/// Threads: pure.
[[nodiscard]] Result<Applied> apply(const Contract* before, const Event& event, const Resolved& resolved,
                                    CivilDate date);

/// The contract as of a date without any new event: of a loan, interest that has fallen due is charged. Idempotent, and
/// going through any dates between makes no difference. A date before the last event's changes nothing. Threads: pure.
[[nodiscard]] ContractState advance(const ContractTerms& terms, ContractState state, CivilDate date);

/// The civil date on which a block of this time stands for the contract, or for the one that the action registers.
[[nodiscard]] CivilDate event_date(const Contract* before, const DecodedAction& action, UnixMs block_time);

/// Everybody who is party to the contract as it stands: those of its terms, and whoever holds or is offered a part of a
/// claim, or has been an assignee of it. Threads: pure.
[[nodiscard]] std::vector<Party> parties_of(const ContractTerms& terms, const KindBook& book);

/// Whether a party of this capacity must sign: of a loan all but the settlement bank, of a voucher the guarantors, of a
/// receivable nobody.
[[nodiscard]] bool must_sign(ContractKind kind, Capacity capacity);

/// The organisations whose signature must be there before anything is activated.
[[nodiscard]] std::vector<std::string> required_signers(const ContractTerms& terms);

}  // namespace probatum::contracts
