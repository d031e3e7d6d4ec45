#pragma once

#include <optional>
#include <string>

#include "base/cbor.h"
#include "base/civil_time.h"
#include "base/money.h"

/// What a voucher promises: fixed at registration.
namespace probatum::contracts {

inline constexpr std::size_t kMaxVoucherReasonBytes = 256;
inline constexpr std::uint32_t kMaxVoucherLevels = 1'000;  ///< Of the format; a network allows fewer.

/// `amount_minor` is sealed in the signed body.
struct VoucherTerms {
    Currency currency;
    MinorAmount amount_minor{0};
    CivilDate contract_date;  ///< The day of issue.
    std::int32_t utc_offset_minutes{480};
    CivilDate due;
    std::uint32_t max_level{1};           ///< How often a piece may change hands. No more than the network allows.
    std::optional<std::string> reason{};  ///< Why the term is longer than the usual one; then it must be there.
    friend bool operator==(const VoucherTerms&, const VoucherTerms&) = default;
};

/// What a network allows vouchers: parameters of the chain.
struct VoucherLimits {
    std::uint32_t usual_days{184};  ///< Six months in principle,
    std::uint32_t max_days{366};    ///< one year at most (Yinfa [2025] No. 77 is the model).
    std::uint32_t max_level{16};
    friend bool operator==(const VoucherLimits&, const VoucherLimits&) = default;
};

namespace codec {
void write(cbor::Writer& out, const VoucherTerms& terms);
[[nodiscard]] VoucherTerms read_voucher_terms(cbor::Reader& in);
}  // namespace codec

}  // namespace probatum::contracts
