#pragma once

#include <optional>
#include <string>

#include "base/cbor.h"
#include "contracts/book/movement.h"
#include "contracts/marks.h"
#include "contracts/postings.h"

/// The money of a loan: its book (docs/spec/loan-book.md), what the other side says, and each movement by itself.
namespace probatum::contracts {

struct LoanTerms;

/// Money that was recorded, apart by what the other side says about it.
struct Totals {
    MinorAmount claimed_minor{0};
    MinorAmount acknowledged_minor{0};
    MinorAmount objected_minor{0};
    friend bool operator==(const Totals&, const Totals&) = default;
};

struct LoanBook {
    std::optional<book::Book> money{};  ///< From activation on. As of the last movement, never further.
    Totals disbursements{};
    Totals repayments{};                           ///< Prepayments too.
    std::optional<std::uint64_t> last_movement{};  ///< Sequence of the event that recorded it.

    [[nodiscard]] MinorAmount disbursed_minor() const { return money ? money->sums.disbursed_minor : 0; }
    [[nodiscard]] Accounts accounts() const { return money ? money->accounts : Accounts{}; }
    friend bool operator==(const LoanBook&, const LoanBook&) = default;
};

/// docs/formats.cddl `loan-book`
void write(cbor::Writer& out, const LoanBook& book);
[[nodiscard]] LoanBook read_loan_book(cbor::Reader& in);

/// The versions of a loan's terms as its book reads them. Precondition: the terms were checked.
[[nodiscard]] std::vector<book::Terms> versions_of(const LoanTerms& loan);

enum class PostingKind : std::uint8_t {
    disbursement = 1,
    repayment = 2,
    claim_payment = 3,  ///< Of a part of a receivable.
    set_off = 4,        ///< Of a part of a receivable; no money moved.
    redemption = 5,     ///< Of a piece of a voucher.
    settlement = 6,     ///< Of a loan: closes its book.
};
[[nodiscard]] std::string_view name(PostingKind kind);  ///< "claim-payment"
enum class PostingStatus : std::uint8_t { claimed = 1, acknowledged = 2, objected = 3 };
[[nodiscard]] std::string_view name(PostingStatus status);

/// One movement as the state remembers it, under [contract id, sequence of its event].
struct Posting {
    PostingKind kind{PostingKind::disbursement};
    std::string organisation;  ///< Who recorded it.
    MinorAmount amount_minor{0};
    CivilDate value_date;
    CivilDate recorded;                 ///< The civil date of its block (I12: both are kept).
    std::optional<Digest> reference{};  ///< Blinded bank reference, where money moved at a bank.
    book::Split allocation{};           ///< As the book stands now: a replay changes it.
    PostingStatus status{PostingStatus::claimed};
    std::optional<Mark> answered_by{};
    std::optional<Mark> reversed_by{};
    std::optional<std::uint64_t> previous{};  ///< The movement recorded before it.
    std::optional<std::string> payee{};       ///< Exactly of what is paid on a receivable or a voucher.
    std::optional<std::string> holder{};      ///< Of the part or piece when it was recorded; exactly with a payee.
    friend bool operator==(const Posting&, const Posting&) = default;
};

/// As the book takes it.
[[nodiscard]] book::Movement movement_of(std::uint64_t sequence, const Posting& posting);
/// Whether it is money of a party that came in: a repayment, a prepayment.
[[nodiscard]] bool is_repayment(PostingKind kind);

namespace codec {
void write_totals(cbor::Writer& out, const Totals& totals);  ///< [claimed, acknowledged, objected]
[[nodiscard]] Totals read_totals(cbor::Reader& in);
}  // namespace codec

/// docs/formats.cddl `posting`
[[nodiscard]] Bytes encode(const Posting& posting);
[[nodiscard]] Result<Posting> decode_posting(ByteView bytes);

}  // namespace probatum::contracts
