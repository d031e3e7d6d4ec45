#include "contracts/schedule/plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "contracts/schedule/annuity.h"

namespace probatum::schedule {

namespace {

constexpr int kPlaces = 40;
constexpr MinorAmount kMaxPrincipal = 1'000'000'000'000'000;  ///< 10¹⁵: sums over a plan stay within 63 bits.

constexpr std::size_t kMaxFees = 16;

constexpr std::array<std::string_view, 6> kShapes{"bullet",           "interest-only", "equal-principal",
                                                  "equal-instalment", "explicit",      "fixed-payment"};
constexpr std::array<std::string_view, 4> kKinds{"fee", "capitalisation", "instalment", "prepayment"};

Result<void> check_amounts(const PlanTerms& terms) {
    if (terms.principal_minor <= 0 || terms.principal_minor > kMaxPrincipal) {
        return fail(Errc::amount_invalid, "principal", "above zero, at most 10^15 minor units");
    }
    if (terms.balloon_minor < 0 || terms.balloon_minor >= terms.principal_minor) {
        return fail(Errc::amount_invalid, "balloon", "from zero to less than the principal");
    }
    const bool pays_fixed = terms.shape == PlanShape::fixed_payment;
    if (pays_fixed && (terms.payment_minor <= 0 || terms.payment_minor > kMaxPrincipal)) {
        return fail(Errc::amount_invalid, "payment", "above zero, at most 10^15 minor units");
    }
    if (terms.rate.sign() < 0 || terms.rate > Rational{10}) {
        return fail(Errc::terms_invalid, "rate", "from 0 to 10 a year");
    }
    if (terms.fees.size() > kMaxFees) {
        return fail(Errc::terms_invalid, "fees", "at most 16");
    }
    for (std::size_t i = 0; i < terms.fees.size(); ++i) {
        const PlanFee& fee = terms.fees[i];
        if (fee.amount_minor < 0 || fee.amount_minor > kMaxPrincipal || fee.rate.sign() < 0 || fee.rate > Rational{1}) {
            return fail(Errc::amount_invalid, "fees[" + std::to_string(i) + "]", "not below zero, a rate at most 1");
        }
    }
    return {};
}

Result<void> check_prepayments(const PlanTerms& terms) {
    const Prepayment* last = nullptr;
    for (std::size_t i = 0; i < terms.prepayments.size(); ++i) {
        const Prepayment& one = terms.prepayments[i];
        const std::string field = "prepayments[" + std::to_string(i) + "]";
        if (terms.shape == PlanShape::explicit_rows) {
            return fail(Errc::terms_invalid, field, "rows that the parties wrote are changed by an amendment");
        }
        if (one.date <= terms.start || one.date >= terms.maturity || (last != nullptr && one.date <= last->date)) {
            return fail(Errc::terms_invalid, field + ".date", "after the start and the one before, before maturity");
        }
        if (one.principal_minor <= 0) {
            return fail(Errc::amount_invalid, field + ".principal", "above zero");
        }
        if (one.fee.amount_minor < 0 || one.fee.amount_minor > kMaxPrincipal || one.fee.rate.sign() < 0 ||
            one.fee.rate > Rational{10}) {
            return fail(Errc::amount_invalid, field + ".fee", "not below zero");
        }
        last = &one;
    }
    return {};
}

Result<void> check_dates(const PlanTerms& terms) {
    if (terms.maturity <= terms.start) {
        return fail(Errc::terms_invalid, "maturity", "after the start");
    }
    if (terms.first_due && (*terms.first_due <= terms.start || *terms.first_due > terms.maturity)) {
        return fail(Errc::terms_invalid, "first_due", "after the start, not after maturity");
    }
    if (terms.capitalise_until && *terms.capitalise_until >= terms.maturity) {
        return fail(Errc::terms_invalid, "capitalise_until", "before maturity");
    }
    return terms.calendar.check();
}

Result<std::vector<PlanRow>> explicit_plan(const PlanTerms& terms) {
    if (terms.rows.size() > kMaxCycleDates) {
        return fail(Errc::too_large, "rows", "at most 12000");
    }
    std::vector<PlanRow> out;
    MinorAmount left = terms.principal_minor;
    for (std::size_t i = 0; i < terms.rows.size(); ++i) {
        const ExplicitRow& row = terms.rows[i];
        const std::string field = "rows[" + std::to_string(i) + "]";
        if (row.due < terms.start || (i > 0 && row.due <= terms.rows[i - 1].due)) {
            return fail(Errc::terms_invalid, field + ".due", "dates ascend, none before the start");
        }
        const bool nothing = row.principal_minor == 0 && row.interest_minor == 0;
        if (row.principal_minor < 0 || row.interest_minor < 0 || nothing || row.interest_minor > kMaxPrincipal) {
            return fail(Errc::amount_invalid, field, "amounts are zero or more and not both zero");
        }
        if (row.principal_minor > left) {
            return fail(Errc::terms_invalid, field + ".principal", "the rows' principal exceeds the loan's");
        }
        left -= row.principal_minor;
        out.push_back({.due = row.due,
                       .kind = PlanRowKind::instalment,
                       .principal_minor = row.principal_minor,
                       .interest_minor = row.interest_minor,
                       .outstanding_minor = left});
    }
    if (left != 0) {
        return fail(Errc::terms_invalid, "rows", "the rows' principal must add up to the loan's");
    }
    return out;
}

/// Walks from date to date. Interest between two dates stays exact until it is posted.
class Plan {
public:
    explicit Plan(const PlanTerms& terms)
        : terms_{terms}, outstanding_{terms.principal_minor}, counted_to_{terms.start} {}

    Result<std::vector<PlanRow>> rows() {
        PROBATUM_TRY(find_dates());
        PROBATUM_TRY(fees_at_start());
        std::size_t prepaid = 0;
        for (next_ = 0; next_ < dates_.size() && outstanding_ > 0; ++next_) {
            for (; prepaid < terms_.prepayments.size() && terms_.prepayments[prepaid].date < dates_[next_].event.date;
                 ++prepaid) {
                PROBATUM_TRY(prepay(prepaid));
            }
            if (outstanding_ > 0) {
                PROBATUM_TRY(due());
            }
        }
        if (prepaid < terms_.prepayments.size()) {
            return fail(Errc::terms_invalid, "prepayments[" + std::to_string(prepaid) + "].date",
                        "everything is paid by then");
        }
        return std::move(rows_);
    }

private:
    [[nodiscard]] bool capitalises(CivilDate date) const {
        return terms_.capitalise_until && date <= *terms_.capitalise_until;
    }

    Result<void> find_dates() {
        const bool once = terms_.shape == PlanShape::bullet && !terms_.capitalise_until;
        const Moment start{terms_.start};
        CycleSpan span{.end = Moment{terms_.maturity}, .convention = terms_.end_of_month};
        if (!once) {
            span.anchor =
                terms_.first_due ? Moment{*terms_.first_due} : step(start, terms_.cycle, 1, terms_.end_of_month);
            span.cycle = terms_.cycle;
        }
        PROBATUM_LET(all, cycle_dates(span));
        for (const Moment& date : all) {
            const bool last = date == span.end;
            if (terms_.shape == PlanShape::bullet && !last && !capitalises(date.date)) {
                continue;
            }
            if (last) {
                dates_.push_back({date, date});
                continue;
            }
            PROBATUM_LET(due, rolled(date, terms_.calendar, terms_.business_day));
            const CivilDate before = dates_.empty() ? terms_.start : dates_.back().event.date;
            if (before < due.event.date && due.event.date < terms_.maturity) {
                dates_.push_back(due);
            }
        }
        return {};
    }

    /// One posting: rounded once.
    [[nodiscard]] Result<MinorAmount> posted(const Rational& amount) const {
        const auto out = amount.rounded(0, terms_.rounding).whole();
        if (!out || *out > kMaxPrincipal * 8) {
            return fail(Errc::too_large, "principal", "an amount of the plan is too large");
        }
        return *out;
    }

    Result<void> fees_at_start() {
        Rational sum;
        for (const PlanFee& fee : terms_.fees) {
            if (fee.kind == PlanFeeKind::at_start) {
                sum += Rational{fee.amount_minor};
            } else if (fee.kind == PlanFeeKind::share_at_start) {
                PROBATUM_LET(share, posted(Rational{terms_.principal_minor} * fee.rate));
                sum += Rational{share};
            }
        }
        PROBATUM_LET(fee, posted(sum));
        if (fee > 0) {
            rows_.push_back(
                {.due = terms_.start, .kind = PlanRowKind::fee, .fee_minor = fee, .outstanding_minor = outstanding_});
        }
        return {};
    }

    [[nodiscard]] Rational year(CivilDate from, CivilDate to) const {
        return from < to ? year_fraction({from, to}, terms_.day_count, terms_.maturity) : Rational{};
    }

    void count_to(CivilDate date) {
        const Rational balance_years = Rational{outstanding_} * year(counted_to_, date);
        interest_ += balance_years * terms_.rate;
        balance_years_ += balance_years;
        counted_to_ = std::max(counted_to_, date);
    }

    Result<MinorAmount> due_fees() {
        MinorAmount out = 0;
        for (const PlanFee& fee : terms_.fees) {
            if (fee.kind == PlanFeeKind::each_due_date) {
                out += fee.amount_minor;
            } else if (fee.kind == PlanFeeKind::yearly_on_balance) {
                PROBATUM_LET(amount, posted(balance_years_ * fee.rate));
                out += amount;
            }
        }
        balance_years_ = Rational{};
        return out;
    }

    Result<void> due() {
        const ScheduledDate& date = dates_[next_];
        if (!fixed_ && !capitalises(date.event.date)) {
            PROBATUM_TRY(fix());
        }
        count_to(date.calculation.date);
        PROBATUM_LET(interest, posted(std::exchange(interest_, Rational{})));
        if (capitalises(date.event.date)) {
            outstanding_ += interest;
            rows_.push_back({.due = date.event.date,
                             .kind = PlanRowKind::capitalisation,
                             .capitalised_minor = interest,
                             .outstanding_minor = outstanding_});
            PROBATUM_TRY(posted(Rational{outstanding_}));
            return {};
        }
        PROBATUM_LET(fee, due_fees());
        const MinorAmount shortfall = shortfall_of(interest);
        PROBATUM_LET(principal, principal_of(interest));
        outstanding_ += shortfall - principal;
        PROBATUM_TRY(posted(Rational{outstanding_}));
        rows_.push_back({.due = date.event.date,
                         .kind = PlanRowKind::instalment,
                         .principal_minor = principal,
                         .interest_minor = interest - shortfall,
                         .fee_minor = fee,
                         .capitalised_minor = shortfall,
                         .outstanding_minor = outstanding_});
        return {};
    }

    /// Interest that a fixed payment does not reach becomes principal.
    [[nodiscard]] MinorAmount shortfall_of(MinorAmount interest) const {
        const bool fixed = terms_.shape == PlanShape::fixed_payment && next_ + 1 < dates_.size();
        return fixed ? std::max<MinorAmount>(interest - terms_.payment_minor, 0) : 0;
    }

    /// The last row takes all that is left, so every residue of rounding ends there.
    [[nodiscard]] Result<MinorAmount> principal_of(MinorAmount interest) const {
        if (next_ + 1 == dates_.size()) {
            return outstanding_;
        }
        const MinorAmount before_balloon = std::max<MinorAmount>(outstanding_ - terms_.balloon_minor, 0);
        switch (terms_.shape) {
            case PlanShape::equal_principal:
                return std::min(amount_, before_balloon);
            case PlanShape::equal_instalment:
                if (amount_ < interest) {
                    return fail(Errc::terms_invalid, "first_due", "the interest of a period exceeds the instalment");
                }
                return std::min(amount_ - interest, before_balloon);
            case PlanShape::fixed_payment:
                return std::clamp<MinorAmount>(terms_.payment_minor - interest, 0, before_balloon);
            default:
                return 0;
        }
    }

    /// The share or the instalment for what is outstanding and the dates from the next on.
    Result<void> fix() {
        fixed_ = true;
        const auto remaining = static_cast<std::int64_t>(dates_.size() - next_);
        if (terms_.shape == PlanShape::equal_principal) {
            const Rational spread{std::max<MinorAmount>(outstanding_ - terms_.balloon_minor, 0)};
            PROBATUM_LET(share, posted(spread / Rational{remaining}));
            amount_ = share;
        } else if (terms_.shape == PlanShape::equal_instalment) {
            const CivilDate first = dates_[next_].calculation.date;
            const Rational debt =
                Rational{outstanding_} + interest_ + Rational{outstanding_} * year(counted_to_, first) * terms_.rate;
            std::vector<Rational> factors;
            for (std::size_t i = next_ + 1; i < dates_.size(); ++i) {
                factors.push_back(Rational{1} +
                                  terms_.rate * year(dates_[i - 1].calculation.date, dates_[i].calculation.date));
            }
            const Rational left{std::min(terms_.balloon_minor, outstanding_)};
            PROBATUM_LET(instalment, posted(equal_payment(debt, factors, kPlaces, left)));
            amount_ = instalment;
        }
        return {};
    }

    Result<void> prepay(std::size_t index) {
        const Prepayment& one = terms_.prepayments[index];
        const std::string field = "prepayments[" + std::to_string(index) + "]";
        if (one.principal_minor > outstanding_) {
            return fail(Errc::amount_invalid, field + ".principal", "more than is outstanding");
        }
        count_to(one.date);
        PROBATUM_LET(fee, fee_of(one));
        outstanding_ -= one.principal_minor;
        PlanRow row{.due = one.date,
                    .kind = PlanRowKind::prepayment,
                    .principal_minor = one.principal_minor,
                    .fee_minor = fee,
                    .outstanding_minor = outstanding_};
        if (outstanding_ == 0) {
            // Nothing will fall due any more, so what has accrued is due now.
            PROBATUM_LET(interest, posted(std::exchange(interest_, Rational{})));
            PROBATUM_LET(due_fee, due_fees());
            row.interest_minor = interest;
            row.fee_minor += due_fee;
        }
        rows_.push_back(row);
        if (one.choice == PrepaymentChoice::reduce_instalment) {
            fixed_ = false;
        }
        return {};
    }

    [[nodiscard]] Result<MinorAmount> fee_of(const Prepayment& one) const {
        const Rational prepaid{one.principal_minor};
        switch (one.fee.kind) {
            case PrepaymentFeeKind::fixed:
                return one.fee.amount_minor;
            case PrepaymentFeeKind::relative:
                return posted(prepaid * one.fee.rate);
            case PrepaymentFeeKind::differential:
                return posted(one.fee.rate < terms_.rate
                                  ? prepaid * (terms_.rate - one.fee.rate) * year(one.date, terms_.maturity)
                                  : Rational{});
            case PrepaymentFeeKind::none:
                break;
        }
        return 0;
    }

    const PlanTerms& terms_;
    MinorAmount outstanding_;
    CivilDate counted_to_;
    std::vector<ScheduledDate> dates_{};
    std::size_t next_{0};
    Rational interest_{};       ///< Accrued and not posted.
    Rational balance_years_{};  ///< Outstanding × years since the last due date, for fees on the balance.
    bool fixed_{false};
    MinorAmount amount_{0};  ///< The share or the instalment.
    std::vector<PlanRow> rows_{};
};

}  // namespace

std::string_view name(PlanShape shape) { return kShapes[static_cast<std::size_t>(shape) - 1]; }

std::optional<PlanShape> plan_shape_from_name(std::string_view text) {
    const auto* const found = std::ranges::find(kShapes, text);
    return found == kShapes.end() ? std::nullopt : std::optional{static_cast<PlanShape>(found - kShapes.begin() + 1)};
}

std::string_view name(PlanRowKind kind) { return kKinds[static_cast<std::size_t>(kind) - 1]; }

Result<std::vector<PlanRow>> plan_rows(const PlanTerms& terms) {
    PROBATUM_TRY(check_amounts(terms));
    PROBATUM_TRY(check_prepayments(terms));
    if (terms.shape == PlanShape::explicit_rows) {
        return explicit_plan(terms);
    }
    PROBATUM_TRY(check_dates(terms));
    return Plan{terms}.rows();
}

}  // namespace probatum::schedule
