#pragma once

#include <optional>
#include <string>

#include "base/cbor.h"
#include "contracts/allocation.h"
#include "contracts/marks.h"
#include "contracts/postings.h"

/// The money of a loan: what its events moved, and each movement by itself.
namespace probatum::contracts {

/// Money that was recorded, apart by what the other side says about it.
struct Totals {
    MinorAmount claimed_minor{0};
    MinorAmount acknowledged_minor{0};
    MinorAmount objected_minor{0};
    friend bool operator==(const Totals&, const Totals&) = default;
};

struct LoanBook {
    std::optional<CivilDate> first_value_date{};  ///< The earliest value date of a disbursement.
    MinorAmount disbursed_minor{0};
    MinorAmount principal_paid_minor{0};
    MinorAmount interest_charged_minor{0};  ///< Fallen due, or paid ahead.
    MinorAmount interest_paid_minor{0};
    Totals disbursements{};
    Totals repayments{};
    Accounts accounts{};

    /// Precondition: something was disbursed.
    [[nodiscard]] Repaid repaid() const;
    friend bool operator==(const LoanBook&, const LoanBook&) = default;
};

/// docs/formats.cddl `loan-book`
void write(cbor::Writer& out, const LoanBook& book);
[[nodiscard]] LoanBook read_loan_book(cbor::Reader& in);

enum class PostingKind : std::uint8_t {
    disbursement = 1,
    repayment = 2,
    claim_payment = 3,  ///< Of a part of a receivable.
    set_off = 4,        ///< Of a part of a receivable; no money moved.
    redemption = 5,     ///< Of a piece of a voucher.
};
[[nodiscard]] std::string_view name(PostingKind kind);  ///< "claim-payment"
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
    std::optional<std::string> payee{};   ///< Exactly of what is paid on a receivable or a voucher.
    std::optional<std::string> holder{};  ///< Of the part or piece when it was recorded; exactly with a payee.
    friend bool operator==(const Posting&, const Posting&) = default;
};

namespace codec {
void write_totals(cbor::Writer& out, const Totals& totals);  ///< [claimed, acknowledged, objected]
[[nodiscard]] Totals read_totals(cbor::Reader& in);
}  // namespace codec

/// docs/formats.cddl `posting`
[[nodiscard]] Bytes encode(const Posting& posting);
[[nodiscard]] Result<Posting> decode_posting(ByteView bytes);

}  // namespace probatum::contracts
