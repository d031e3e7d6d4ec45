#include "contracts/book/standing.h"

#include <algorithm>
#include <array>

#include "contracts/book/desk.h"

namespace probatum::book {
namespace {

constexpr std::array<std::string_view, 7> kStatuses{"current", "grace",   "overdue", "delinquent",
                                                    "default", "matured", "closed"};
constexpr std::array<std::string_view, 4> kAlerts{"none", "blue", "yellow", "red"};

bool reached(std::uint32_t days, std::optional<std::uint32_t> threshold) { return threshold && days >= *threshold; }

Status status_of(const Book& book, const Overdue& overdue, std::uint32_t days) {
    if (book.closed) {
        return Status::closed;
    }
    if (days > 0) {
        if (reached(days, overdue.thresholds.default_days)) {
            return Status::in_default;
        }
        if (reached(days, overdue.thresholds.delinquent_days)) {
            return Status::delinquent;
        }
        return days > overdue.grace_days ? Status::overdue : Status::grace;
    }
    const bool all_paid = book.outstanding_minor() == 0 && !book.anything_due();
    return book.cursor.ended && all_paid ? Status::matured : Status::current;
}

Alert alert_of(const Book& book, const Thresholds& limits, std::uint32_t days, std::optional<std::int32_t> ahead) {
    if (book.closed) {
        return Alert::none;
    }
    if (days > 0 && reached(days, limits.red_days)) {
        return Alert::red;
    }
    if (days > 0 && reached(days, limits.yellow_days)) {
        return Alert::yellow;
    }
    const bool owes = book.outstanding_minor() > 0;
    const bool soon = owes && ahead && limits.blue_days && *ahead <= static_cast<std::int32_t>(*limits.blue_days);
    return limits.blue_days && (soon || !book.instalments.empty()) ? Alert::blue : Alert::none;
}

/// As though all that is due were paid: for an outlook, no accounts are kept.
void pay_all(Book& book) {
    for (const Claim claim : {Claim::costs, Claim::fee, Claim::penalty}) {
        book.open[claim] = 0;
    }
    book.instalments.clear();
}

}  // namespace

std::string_view name(Status status) { return kStatuses.at(static_cast<std::size_t>(status) - 1); }
std::string_view name(Alert alert) { return kAlerts.at(static_cast<std::size_t>(alert)); }

Standing standing(Versions versions, const Book& stored, CivilDate date) {
    Book book = advance(versions, stored, date);
    const Desk desk{versions, book};
    const Overdue& overdue = desk.terms().overdue;
    Standing out;
    if (!book.instalments.empty() && book.instalments.front().due < date) {
        out.days_past_due = static_cast<std::uint32_t>(date.days() - book.instalments.front().due.days());
    }
    std::optional<std::int32_t> ahead;
    if (const auto due = next_due(desk.terms().plan, book.cursor); due && !book.closed) {
        out.next_due = due->due;
        ahead = due->due.days() - date.days();
    }
    out.status = status_of(book, overdue, out.days_past_due);
    out.alert = alert_of(book, overdue.thresholds, out.days_past_due, ahead);
    if (!book.closed) {
        count_interest(desk, date);
        count_late(desk, date);
        out.interest_accrued_minor = posted(desk.terms(), book.accruals.interest + book.accruals.late);
        out.penalty_accrued_minor = posted(desk.terms(), book.accruals.penalty);
    }
    return out;
}

std::vector<OutlookRow> outlook(Versions versions, const Book& stored, std::size_t rows) {
    std::vector<OutlookRow> out;
    Book book = stored;
    book.holds.clear();
    pay_all(book);
    const Desk desk{versions, book};
    for (auto due = next_due(desk.terms().plan, book.cursor); due && !book.closed && out.size() < rows;
         due = next_due(desk.terms().plan, book.cursor)) {
        const MinorAmount capitalised = book.sums.capitalised_minor;
        let_fall_due(desk, due->due);
        OutlookRow row{.due = due->due,
                       .principal_minor = book.due_minor(Claim::principal),
                       .interest_minor = book.due_minor(Claim::interest),
                       .fee_minor = book.open[Claim::fee],
                       .capitalised_minor = book.sums.capitalised_minor - capitalised};
        pay_all(book);
        row.outstanding_minor = book.outstanding_minor();
        if (row.principal_minor + row.interest_minor + row.fee_minor + row.capitalised_minor > 0) {
            out.push_back(row);
        }
    }
    return out;
}

std::optional<CivilDate> next_change_after(Versions versions, const Book& stored, CivilDate date) {
    const Book book = advance(versions, stored, date);
    if (book.closed) {
        return std::nullopt;
    }
    const Terms& terms = versions[book.version];
    std::optional<CivilDate> out;
    const auto consider = [&](CivilDate candidate) {
        if (candidate > date) {
            out = out ? std::min(*out, candidate) : candidate;
        }
    };
    const Thresholds& limits = terms.overdue.thresholds;
    if (const auto due = next_due(terms.plan, book.cursor)) {
        consider(due->due);
        if (limits.blue_days) {
            consider(schedule::plus_days(due->due, -static_cast<std::int32_t>(*limits.blue_days)));
        }
    }
    if (!book.instalments.empty()) {
        const CivilDate oldest = book.instalments.front().due;
        consider(schedule::plus_days(oldest, 1));
        consider(schedule::plus_days(oldest, static_cast<std::int32_t>(terms.overdue.grace_days) + 1));
        for (const auto days : {limits.delinquent_days, limits.default_days, limits.yellow_days, limits.red_days}) {
            consider(schedule::plus_days(oldest, static_cast<std::int32_t>(days.value_or(0))));
        }
    }
    return out;
}

}  // namespace probatum::book
