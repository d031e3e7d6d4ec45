#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/cbor.h"
#include "contracts/loan_book.h"
#include "contracts/marks.h"
#include "contracts/receivable_terms.h"

/// What happened to a receivable: what the debtor said, to whom it was assigned, what was paid.
/// Source: docs/spec/claims.md, "Receivables".
namespace probatum::contracts {

inline constexpr std::size_t kMaxParts = 64;
inline constexpr std::size_t kMaxAssignments = 128;
/// Offers of one organisation that were declined or withdrawn; after that it offers no more on this contract.
inline constexpr std::size_t kMaxIdleOffers = 16;

/// What the debtor said about the receivable itself.
struct Confirmation {
    Mark by;
    bool existence{false};
    bool amount{false};
    bool no_defences{false};
    MinorAmount amount_minor{0};  ///< Confirmed; zero where the amount is not.
    friend bool operator==(const Confirmation&, const Confirmation&) = default;
};
struct Objection {
    Mark by;
    MinorAmount disputed_minor{0};
    friend bool operator==(const Objection&, const Objection&) = default;
};

/// An entry of an assignment in a public register: who is first by it comes first (Civil Code art. 768).
struct Registration {
    std::string registry;
    std::string number;
    UnixMs at;
    friend bool operator==(const Registration&, const Registration&) = default;
};

enum class AssignmentState : std::uint8_t { offered = 1, effective = 2, declined = 3, withdrawn = 4, lapsed = 5 };
[[nodiscard]] std::string_view name(AssignmentState state);

/// One step of a chain. Numbers count from one in the order of recording; 0 stands for the creditor.
struct Assignment {
    std::uint64_t part{0};
    std::uint64_t source{0};  ///< The assignment by which the assignor holds the part.
    std::string assignee;
    bool recourse{false};                    ///< The assignee may sell it back.
    bool competes{false};                    ///< Made though the assignor had assigned it before.
    std::optional<std::uint64_t> returns{};  ///< A buy-back: the assignment that it undoes.
    AssignmentState state{AssignmentState::offered};
    Mark made;
    std::optional<Registration> registration{};
    std::optional<Mark> notified{};
    std::optional<Mark> answered{};  ///< The debtor's answer to the notice.
    bool accepted_by_debtor{false};
    std::optional<CivilDate> binds_from{};  ///< The debtor; by the notice rule of the terms.
    friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// A share of the receivable that moves as a whole. Part 1 is all of it until some of it is assigned away.
struct Part {
    std::uint64_t parent{0};  ///< The part that it was taken from; 0 for part 1.
    std::uint64_t source{0};  ///< The assignment whose assignee held the amount when this part was made.
    MinorAmount amount_minor{0};
    MinorAmount moved_minor{0};  ///< Now in later parts.
    MinorAmount paid_minor{0};
    MinorAmount set_off_minor{0};
    /// Of what was paid: to an earlier creditor, by whom it is owed to the holder.
    MinorAmount to_pass_on_minor{0};

    [[nodiscard]] MinorAmount open_minor() const { return amount_minor - moved_minor - paid_minor - set_off_minor; }
    friend bool operator==(const Part&, const Part&) = default;
};

struct ReceivableBook {
    std::string creditor;
    std::string debtor;
    std::optional<Confirmation> confirmation{};
    std::optional<Objection> objection{};
    std::vector<Part> parts{};              ///< Part n stands at n - 1.
    std::vector<Assignment> assignments{};  ///< Assignment n stands at n - 1.
    Totals payments{};
    Totals set_offs{};

    /// The assignee of an assignment; the creditor for 0.
    [[nodiscard]] const std::string& holder_by(std::uint64_t assignment) const;
    [[nodiscard]] MinorAmount open_minor() const;
    friend bool operator==(const ReceivableBook&, const ReceivableBook&) = default;
};

/// How far the debtor's knowledge goes when somebody is looked for.
struct Knowledge {
    bool of_debtor{false};             ///< Only assignments that bind the debtor count...
    std::optional<CivilDate> until{};  ///< ...from this day or earlier; none: whenever.
};
/// The assignment by which the part is held: the chain's last, the first in rank where several compete; 0 is the
/// creditor. With the debtor's knowledge: whom the debtor must pay. Threads: pure.
[[nodiscard]] std::uint64_t holding(const ReceivableBook& book, std::uint64_t part, Knowledge knowledge = {});
[[nodiscard]] const std::string& holder_of(const ReceivableBook& book, std::uint64_t part);
[[nodiscard]] const std::string& payee_of(const ReceivableBook& book, std::uint64_t part);
/// The assignment and those that it rests on, newest first; without 0.
[[nodiscard]] std::vector<std::uint64_t> chain_of(const ReceivableBook& book, std::uint64_t assignment);
/// Whether `assignment` comes before `other`, both of one part from one assignor: registered before not registered, by
/// time of registration; then bound before not bound, by the order of notice; then by the order of recording.
[[nodiscard]] bool ranks_before(const ReceivableBook& book, std::uint64_t assignment, std::uint64_t other);

/// docs/formats.cddl `receivable-book`
void write(cbor::Writer& out, const ReceivableBook& book);
[[nodiscard]] ReceivableBook read_receivable_book(cbor::Reader& in);

namespace codec {
void write(cbor::Writer& out, const Registration& registration);
[[nodiscard]] Registration read_registration(cbor::Reader& in);
}  // namespace codec

}  // namespace probatum::contracts
