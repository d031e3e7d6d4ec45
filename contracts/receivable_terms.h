#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/cbor.h"
#include "base/civil_time.h"
#include "base/money.h"
#include "contracts/documents.h"

/// What a receivable says: fixed at registration.
namespace probatum::contracts {

inline constexpr std::size_t kMaxInvoices = 64;
inline constexpr std::size_t kMaxBasisTexts = 16;
inline constexpr std::size_t kMaxBasisBytes = 256;

struct Invoice {
    std::string number;
    DocumentDigests digests;  ///< Of the invoice itself: SHA-256 and SM3.
    MinorAmount amount_minor{0};
    CivilDate issued;
    friend bool operator==(const Invoice&, const Invoice&) = default;
};

/// From when an assignment binds the debtor (I16).
enum class NoticeRule : std::uint8_t {
    record = 1,  ///< From the day its notice is recorded here: the parties take the record for the notice.
    answer = 2,  ///< From the day the debtor accepts the notice.
};
[[nodiscard]] std::string_view name(NoticeRule rule);
[[nodiscard]] Result<NoticeRule> notice_rule_from_name(std::string_view name);

/// `amount_minor` and `invoices` are sealed in the signed body.
struct ReceivableTerms {
    Currency currency;
    MinorAmount amount_minor{0};  ///< The sum of the invoices.
    CivilDate contract_date;
    std::int32_t utc_offset_minutes{480};
    CivilDate due;
    std::vector<Invoice> invoices;  ///< 1..64
    NoticeRule notice{NoticeRule::record};
    /// What the parties rest it on, in their own words ("Civil Code arts 545-549"). Shown, never read by a rule.
    std::vector<std::string> basis{};
    friend bool operator==(const ReceivableTerms&, const ReceivableTerms&) = default;
};

namespace codec {
void write(cbor::Writer& out, const ReceivableTerms& terms);
[[nodiscard]] ReceivableTerms read_receivable_terms(cbor::Reader& in);
void write_invoices(cbor::Writer& out, const std::vector<Invoice>& invoices);
[[nodiscard]] std::vector<Invoice> read_invoices(cbor::Reader& in);
void write_basis(cbor::Writer& out, const std::vector<std::string>& basis);
[[nodiscard]] std::vector<std::string> read_basis(cbor::Reader& in);
}  // namespace codec

}  // namespace probatum::contracts
