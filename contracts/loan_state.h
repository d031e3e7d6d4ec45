#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/allocation.h"
#include "contracts/postings.h"

/// The part of a loan that moves with its events.
namespace probatum::contracts {

enum class Phase : std::uint8_t { registered = 1, active = 2, settled = 3 };
[[nodiscard]] std::string_view name(Phase phase);

/// Who did something, and in which event.
struct Mark {
    std::string organisation;
    std::string member;
    std::uint64_t sequence{0};
    [[nodiscard]] bool same_person(const Mark& other) const {
        return organisation == other.organisation && member == other.member;
    }
    friend bool operator==(const Mark&, const Mark&) = default;
};

/// Money that was recorded, apart by what the other side says about it.
struct Totals {
    MinorAmount claimed_minor{0};
    MinorAmount acknowledged_minor{0};
    MinorAmount objected_minor{0};
    friend bool operator==(const Totals&, const Totals&) = default;
};

struct LoanState {
    Digest terms;  ///< SHA-256 of the encoded terms.
    Phase phase{Phase::registered};
    std::uint64_t events{0};  ///< Accepted so far; equals the size of the event log (I18).
    Mark registrar;
    std::vector<Mark> signatures{};  ///< One per organisation, in order of signing.
    std::optional<Mark> maker{};
    std::optional<Mark> checker{};
    std::optional<CivilDate> first_value_date{};  ///< The earliest value date of a disbursement.
    MinorAmount disbursed_minor{0};
    MinorAmount principal_paid_minor{0};
    MinorAmount interest_charged_minor{0};  ///< Fallen due, or paid ahead.
    MinorAmount interest_paid_minor{0};
    Totals disbursements{};
    Totals repayments{};
    Accounts accounts{};
    std::uint64_t records{0};  ///< Evidence deposits under this contract.

    [[nodiscard]] bool signed_by(std::string_view organisation) const;
    /// Precondition: something was disbursed.
    [[nodiscard]] Repaid repaid() const;
    friend bool operator==(const LoanState&, const LoanState&) = default;
};

/// docs/formats.cddl `contract-state`
[[nodiscard]] Bytes encode(const LoanState& state);
[[nodiscard]] Result<LoanState> decode_loan_state(ByteView bytes);

enum class PostingKind : std::uint8_t { disbursement = 1, repayment = 2 };
enum class PostingStatus : std::uint8_t { claimed = 1, acknowledged = 2, objected = 3 };
[[nodiscard]] std::string_view name(PostingStatus status);

/// One movement of money as the state remembers it, under [contract id, sequence of its event].
struct Posting {
    PostingKind kind{PostingKind::disbursement};
    std::string organisation;  ///< Who recorded it.
    MinorAmount amount_minor{0};
    CivilDate value_date;
    CivilDate recorded;       ///< The civil date of its block (I12: both are kept).
    Digest reference;         ///< Blinded bank reference.
    Allocation allocation{};  ///< Of a repayment; zero of a disbursement.
    PostingStatus status{PostingStatus::claimed};
    std::optional<Mark> answered_by{};
    friend bool operator==(const Posting&, const Posting&) = default;
};

/// docs/formats.cddl `posting`
[[nodiscard]] Bytes encode(const Posting& posting);
[[nodiscard]] Result<Posting> decode_posting(ByteView bytes);

}  // namespace probatum::contracts
