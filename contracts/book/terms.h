#pragma once

#include <optional>
#include <vector>

#include "contracts/book/claim.h"
#include "contracts/schedule/plan.h"

/// What a loan's money follows. Source: docs/spec/loan-book.md, section 2.
namespace probatum::book {

inline constexpr MinorAmount kMaxAmount = 1'000'000'000'000'000;  ///< 10¹⁵ minor units.
inline constexpr std::size_t kMaxDueDates = 600;
inline constexpr std::size_t kMaxMovements = 2'048;
inline constexpr std::size_t kMaxHolds = 16;
inline constexpr std::size_t kMaxCeilings = 32;
inline constexpr std::uint32_t kMaxDays = 36'500;

/// A rate that follows an index: fixing + margin, at least floor, at most cap.
struct Floating {
    schedule::Rational margin{};
    std::optional<schedule::Rational> floor{};
    std::optional<schedule::Rational> cap{};
    CivilDate first_reset;
    schedule::Cycle cycle{};
    friend bool operator==(const Floating&, const Floating&) = default;
};

/// From a date on no more than this may be charged a year.
struct Ceiling {
    CivilDate from;
    schedule::Rational rate;
    friend bool operator==(const Ceiling&, const Ceiling&) = default;
};

enum class PenaltyMode : std::uint8_t {
    beside = 1,  ///< The contract rate goes on, the penalty comes on top.
    instead = 2  ///< Past grace the penalty rate alone counts.
};

/// Days past due (blue: days ahead) from which something applies; none: never.
struct Thresholds {
    std::optional<std::uint32_t> delinquent_days{};
    std::optional<std::uint32_t> default_days{};
    std::optional<std::uint32_t> blue_days{};
    std::optional<std::uint32_t> yellow_days{};
    std::optional<std::uint32_t> red_days{};
    friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

struct Overdue {
    std::uint32_t grace_days{0};
    schedule::Rational penalty_rate{};  ///< A year.
    PenaltyMode mode{PenaltyMode::beside};
    bool on_interest{false};          ///< Compounding, only where it is agreed.
    std::vector<Ceiling> ceilings{};  ///< Dates strictly ascending.
    Thresholds thresholds{};
    friend bool operator==(const Overdue&, const Overdue&) = default;
};

/// One version of the terms.
struct Terms {
    schedule::PlanTerms plan;  ///< Without prepayments: those are movements.
    bool revolving{false};
    std::optional<Floating> floating{};
    ClaimOrder allocation{kAllClaims};
    Overdue overdue{};
    /// None: principal that is not due cannot be prepaid.
    std::optional<schedule::PrepaymentFee> prepayment{};
    bool keep_suspense{false};  ///< Money in suspense waits for a refund instead of paying what falls due.
    friend bool operator==(const Terms&, const Terms&) = default;
};

/// The versions of one contract's terms, the first one first. Never empty.
using Versions = std::span<const Terms>;

/// terms_invalid, amount_invalid or too_large, with the field to blame. Threads: pure.
[[nodiscard]] Result<void> check(const Terms& terms);

}  // namespace probatum::book
