#pragma once

#include "contracts/book/book.h"

/// What book and date say together; nothing of it is stored. Source: docs/spec/loan-book.md section 9. Threads: pure.
namespace probatum::book {

enum class Status : std::uint8_t {
    current = 1,
    grace = 2,
    overdue = 3,
    delinquent = 4,
    in_default = 5,
    matured = 6,
    closed = 7
};
[[nodiscard]] std::string_view name(Status status);  ///< "default"

enum class Alert : std::uint8_t { none = 0, blue = 1, yellow = 2, red = 3 };
[[nodiscard]] std::string_view name(Alert alert);

struct Standing {
    Status status{Status::current};
    Alert alert{Alert::none};
    std::uint32_t days_past_due{0};         ///< Of the oldest open instalment.
    std::optional<CivilDate> next_due{};    ///< That lies ahead.
    MinorAmount interest_accrued_minor{0};  ///< Not posted yet, rounded for showing; late interest with it.
    MinorAmount penalty_accrued_minor{0};   ///< The same.
    friend bool operator==(const Standing&, const Standing&) = default;
};
/// Calls `advance`.
[[nodiscard]] Standing standing(Versions versions, const Book& book, CivilDate date);

/// One due date to come, if everything that is due is paid on its day and nothing else happens.
struct OutlookRow {
    CivilDate due;
    MinorAmount principal_minor{0};
    MinorAmount interest_minor{0};
    MinorAmount fee_minor{0};
    MinorAmount capitalised_minor{0};
    MinorAmount outstanding_minor{0};  ///< Principal left after the row.
    friend bool operator==(const OutlookRow&, const OutlookRow&) = default;
};
/// At most so many rows, beginning with the first due date after the book's; due dates with nothing to pay are left
/// out.
[[nodiscard]] std::vector<OutlookRow> outlook(Versions versions, const Book& book, std::size_t rows = kMaxDueDates);

/// The first date after `date` on which status, alert or what is due changes by itself, or none: what an index by date
/// waits for.
[[nodiscard]] std::optional<CivilDate> next_change_after(Versions versions, const Book& book, CivilDate date);

}  // namespace probatum::book
