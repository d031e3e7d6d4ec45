#pragma once

#include "contracts/book/movement.h"
#include "contracts/book/standing.h"
#include "vectors.h"

/// Terms and movements of a loan's book as tests/vectors/loan_book.json writes them.
namespace probatum::test {

using book::Movement;
using book::Terms;

inline Currency yuan() { return *Currency::from_code("CNY"); }
inline MinorAmount minor_of(const std::string& text) { return *parse_amount(text, yuan()); }
inline CivilDate date_of(const std::string& text) { return *CivilDate::parse(text); }
inline schedule::Rational rate_of(const std::string& text) { return *schedule::Rational::parse(text); }

inline book::Overdue read_overdue(const Json& json) {
    book::Overdue out;
    const auto days = [&](const char* name) {
        return json.contains(name) ? std::optional{json.at(name).get<std::uint32_t>()} : std::nullopt;
    };
    out.grace_days = json.value("grace_days", 0U);
    out.penalty_rate = rate_of(json.value("penalty_rate", "0"));
    out.mode = json.value("mode", "beside") == "instead" ? book::PenaltyMode::instead : book::PenaltyMode::beside;
    out.on_interest = json.value("on_interest", false);
    for (const Json& one : json.value("ceilings", Json::array())) {
        out.ceilings.push_back({date_of(one[0]), rate_of(one[1])});
    }
    out.thresholds = {days("delinquent_days"), days("default_days"), days("blue_days"), days("yellow_days"),
                      days("red_days")};
    return out;
}

inline schedule::PlanFee read_fee(const Json& json) {
    using schedule::PlanFeeKind;
    const std::string kind = json.at("kind");
    return {.kind = kind == "at-start"         ? PlanFeeKind::at_start
                    : kind == "share-at-start" ? PlanFeeKind::share_at_start
                    : kind == "each-due-date"  ? PlanFeeKind::each_due_date
                                               : PlanFeeKind::yearly_on_balance,
            .amount_minor = minor_of(json.value("amount", "0.00")),
            .rate = rate_of(json.value("rate", "0"))};
}

inline schedule::PlanTerms read_plan(const Json& json) {
    const auto word = [&](const char* name, const char* otherwise) { return json.value(name, std::string{otherwise}); };
    schedule::PlanTerms out{.shape = *schedule::plan_shape_from_name(word("shape", "")),
                            .principal_minor = minor_of(word("principal", "")),
                            .start = date_of(word("start", "")),
                            .maturity = date_of(word("maturity", ""))};
    out.rate = rate_of(word("rate", ""));
    out.day_count = *schedule::day_count_from_name(word("day_count", ""));
    out.cycle = *schedule::Cycle::parse(word("cycle", ""));
    out.rounding = *schedule::rounding_from_name(word("rounding", "half-up"));
    if (json.contains("capitalise_until")) {
        out.capitalise_until = date_of(word("capitalise_until", ""));
    }
    out.balloon_minor = minor_of(word("balloon", "0.00"));
    out.payment_minor = minor_of(word("payment", "0.00"));
    for (const Json& fee : json.value("fees", Json::array())) {
        out.fees.push_back(read_fee(fee));
    }
    return out;
}

inline schedule::PlanTerms explicit_rows(const Json& rows) {
    schedule::PlanTerms out{
        .shape = schedule::PlanShape::explicit_rows, .start = date_of("2026-01-15"), .maturity = {}};
    for (const Json& row : rows) {
        out.rows.push_back({date_of(row[0]), minor_of(row[1]), minor_of(row[2])});
        out.principal_minor += minor_of(row[1]);
    }
    return out;
}

inline schedule::PrepaymentFee read_prepayment_fee(const Json& json) {
    using schedule::PrepaymentFeeKind;
    const std::string kind = json.at("kind");
    return {.kind = kind == "fixed"          ? PrepaymentFeeKind::fixed
                    : kind == "relative"     ? PrepaymentFeeKind::relative
                    : kind == "differential" ? PrepaymentFeeKind::differential
                                             : PrepaymentFeeKind::none,
            .amount_minor = minor_of(json.value("amount", "0.00")),
            .rate = rate_of(json.value("rate", "0"))};
}

inline Terms read_book_terms(const Json& json) {
    Terms out;
    if (json.contains("rows")) {
        out.plan = explicit_rows(json.at("rows"));
    } else {
        out.plan = read_plan(json.at("plan"));
    }
    out.revolving = json.value("revolving", false);
    if (json.contains("floating")) {
        const Json& floating = json.at("floating");
        out.floating = book::Floating{.margin = rate_of(floating.at("margin")),
                                      .floor = rate_of(floating.at("floor")),
                                      .cap = rate_of(floating.at("cap")),
                                      .first_reset = date_of(floating.at("first_reset")),
                                      .cycle = *schedule::Cycle::parse(floating.at("cycle").get<std::string>())};
    }
    if (json.contains("allocation")) {
        for (std::size_t i = 0; i < book::kClaims; ++i) {
            out.allocation.at(i) = *book::claim_from_name(json.at("allocation")[i].get<std::string>());
        }
    }
    out.overdue = read_overdue(json.value("overdue", Json::object()));
    if (json.contains("prepayment")) {
        out.prepayment = read_prepayment_fee(json.at("prepayment"));
    }
    out.keep_suspense = json.value("suspense", "apply") == "keep";
    return out;
}

inline Movement read_movement(const Json& json, std::uint64_t sequence) {
    Movement out{.sequence = sequence,
                 .kind = *book::movement_kind_from_name(json.at("do").get<std::string>()),
                 .value_date = date_of(json.at("on"))};
    out.amount_minor = json.contains("amount") ? minor_of(json.at("amount")) : 0;
    if (json.contains("claim")) {
        out.claim = book::claim_from_name(json.at("claim").get<std::string>());
    }
    if (json.contains("due")) {
        out.due = date_of(json.at("due"));
    }
    out.choice = json.value("choice", "") == "reduce-instalment" ? schedule::PrepaymentChoice::reduce_instalment
                                                                 : schedule::PrepaymentChoice::shorten_term;
    out.rate = rate_of(json.value("rate", "0"));
    out.target = json.value("target", std::uint64_t{0});
    return out;
}

/// Movements beside the book, as execution keeps them.
struct KeptMovements : book::MovementReader {
    std::vector<Movement> kept{};
    [[nodiscard]] std::vector<Movement> movements() const override { return kept; }
};

}  // namespace probatum::test
