#pragma once

#include "contracts/contract_rules.h"
#include "contracts/invariants.h"

/// The rules of single actions, called by `apply` once signer, party and role are in order.
namespace probatum::contracts::rules {

struct Attempt {
    const ContractTerms& terms;
    const Resolved& resolved;
    CivilDate date;
    std::uint64_t sequence;  ///< That the event gets if it is accepted.

    [[nodiscard]] Mark mark() const { return {resolved.organisation, resolved.member, sequence}; }
};

using PostingChanges = std::vector<PostingChange>;

/// What a kind of contract has of its own. A new kind is one alternative more in KindTerms and KindBook, its codecs,
/// and one line in the table behind `rules_of`.
struct KindRules {
    /// Parties and terms of a registration; what all kinds share was checked before.
    Result<void> (*check_terms)(const RegisterBody& body, const Resolved& resolved);
    /// The book of a contract that has just been registered.
    KindBook (*new_book)(const ContractTerms& terms);
    /// Whatever is not an action of every kind; wrong_kind where the kind does not have it.
    Result<PostingChanges> (*run)(ContractState& state, const Attempt& attempt, const Event& event);
    /// When the contract becomes active.
    Result<void> (*activate)(ContractState& state, const Attempt& attempt);
    /// Whether the stored contract goes on with the days. If not, it stays as of its last movement, and only those who
    /// look at it let the days pass.
    bool stored_advanced{true};
    /// Precondition of the caller: see contracts::advance.
    void (*advance)(const ContractTerms& terms, ContractState& state, CivilDate date);
    /// The invariants of the kind after one accepted event.
    Result<void> (*check_invariants)(const Transition& transition);
    Phase first_phase;  ///< Of a contract that has just been registered.
    bool by_approval;  ///< It becomes active by every signature and the lender's two approvals (I5), and not otherwise.
};
[[nodiscard]] const KindRules& rules_of(ContractKind kind);
[[nodiscard]] const KindRules& loan_rules();
[[nodiscard]] const KindRules& receivable_rules();
[[nodiscard]] const KindRules& voucher_rules();

/// not_signed or not_approved (I5).
[[nodiscard]] Result<void> require_signed_and_approved(const ContractTerms& terms, const ContractState& state);
/// wrong_state, or before that the reason that helps: what is still missing before the contract can be active.
[[nodiscard]] Result<void> require_active(const Attempt& attempt, const ContractState& state);

[[nodiscard]] Result<void> sign(ContractState& state, const Attempt& attempt, const SignBody& body);
[[nodiscard]] Result<void> approve(ContractState& state, const Attempt& attempt, const ApproveBody& body);
[[nodiscard]] Result<void> activate(ContractState& state, const Attempt& attempt);

/// One more movement of a loan's book; changes itself and, where everything is folded again, others. The posting needs
/// kind, amount, value date and reference alone. Errors: those of the book.
[[nodiscard]] Result<PostingChanges> enter(ContractState& state, const Attempt& attempt, const Postings& postings,
                                           Posting posting);
/// A disbursement or a repayment.
[[nodiscard]] Result<PostingChanges> pay(ContractState& state, const Attempt& attempt, const Event& event,
                                         const Payment& payment, PostingKind kind);
[[nodiscard]] Result<PostingChanges> settle(ContractState& state, const Attempt& attempt, const Event& event);
/// Gives the posting as answered.
[[nodiscard]] Result<Posting> acknowledge(ContractState& state, const Attempt& attempt, const AcknowledgeBody& body,
                                          const std::optional<Posting>& target);

}  // namespace probatum::contracts::rules
