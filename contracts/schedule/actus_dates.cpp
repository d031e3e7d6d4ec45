#include "contracts/schedule/actus_dates.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace probatum::schedule {

namespace {

/// Up to where principal was due before the status date, and where a count of payments begins.
struct Counting {
    Moment first;          ///< The first principal date of the cycle.
    std::int64_t paid{0};  ///< Dates of the cycle up to and including the status date.
};

Counting counting_of(const ActusTerms& terms, Moment first) {
    Counting out{first};
    while (out.paid < std::int64_t{kMaxCycleDates} &&
           step(first, *terms.principal.cycle, out.paid, terms.end_of_month) <= terms.status_date) {
        ++out.paid;
    }
    return out;
}

/// What one payment takes off the principal, at the beginning and if nothing were capitalised.
Rational redemption_of(const ActusTerms& terms, Moment from, Moment to) {
    if (terms.type == ContractType::lam) {
        return *terms.next_principal;
    }
    const Rational year = year_fraction({from.counting_day(), to.counting_day()}, terms.day_count);
    return *terms.next_principal - terms.notional * year * terms.rate.value_or(Rational{});
}

constexpr std::int64_t kLongestLifeDays = 400 * 366;

std::int64_t longest_days(const Cycle& cycle) {
    constexpr std::array<std::int64_t, 6> kDays{1, 7, 31, 92, 184, 366};
    return kDays[static_cast<std::size_t>(cycle.unit)] * cycle.count;
}

class Planner {
public:
    Planner(const ActusCase& input, Moment maturity)
        : input_{input},
          terms_{input.terms},
          maturity_{maturity},
          running_{terms_.initial_exchange <= terms_.status_date} {
        out_.maturity = maturity;
    }

    Result<ActusPlan> plan() {
        add_fixed_dates();
        PROBATUM_TRY(add_principal());
        PROBATUM_TRY(add_interest());
        PROBATUM_TRY(add_resets());
        PROBATUM_TRY(add_annuity());
        PROBATUM_TRY(add_others());
        PROBATUM_TRY(add_observed());
        finish();
        return std::move(out_);
    }

private:
    Result<std::vector<Moment>> dates(const Cycled& when, Moment end, bool with_end) const {
        return cycle_dates({first_date(terms_, when), when.cycle, end, terms_.end_of_month, with_end});
    }

    void add_as_given(Moment at, EventType type) { out_.events.push_back({at, at, type, {}}); }

    /// Dates of a cycle roll; maturity was chosen by the parties and stays.
    Result<ScheduledDate> scheduled(Moment date) const {
        return date == maturity_ ? Result<ScheduledDate>{{date, date}}
                                 : rolled(date, terms_.calendar, terms_.business_day);
    }

    Result<void> add(std::span<const Moment> moments, EventType type) {
        for (const Moment moment : moments) {
            PROBATUM_LET(date, scheduled(moment));
            out_.events.push_back({date.event, date.calculation, type, {}});
        }
        return {};
    }

    void add_fixed_dates() {
        if (!running_) {
            add_as_given(terms_.initial_exchange, EventType::ied);
        }
        add_as_given(maturity_, EventType::md);
        if (terms_.purchase) {
            add_as_given(terms_.purchase->at, EventType::prd);
        }
        if (terms_.termination) {
            add_as_given(terms_.termination->at, EventType::td);
        }
    }

    Result<void> add_principal() {
        if (terms_.type == ContractType::pam) {
            return {};
        }
        PROBATUM_LET(found, dates(terms_.principal, maturity_, false));
        redemptions_ = std::move(found);
        out_.principal_count = 1 + static_cast<std::size_t>(std::ranges::count_if(
                                       redemptions_, [&](Moment date) { return date > terms_.status_date; }));
        return add(redemptions_, EventType::pr);
    }

    /// Types whose payment is interest and principal together pay interest with every redemption, and on their own
    /// interest cycle up to one redemption cycle before the first of them.
    Result<std::vector<Moment>> interest_dates() const {
        if (terms_.type == ContractType::pam || terms_.type == ContractType::lam) {
            return dates(terms_.interest, maturity_, true);
        }
        std::vector<Moment> out = redemptions_;
        out.push_back(maturity_);
        const Moment first = *first_date(terms_, terms_.principal);
        const Moment before = step(first, *terms_.principal.cycle, -1, terms_.end_of_month);
        const auto begin = first_date(terms_, terms_.interest);
        if (begin && *begin <= before) {
            PROBATUM_LET(earlier, dates(terms_.interest, before, true));
            out.insert(out.end(), earlier.begin(), earlier.end());
        }
        std::ranges::sort(out);
        out.erase(std::ranges::unique(out).begin(), out.end());
        return out;
    }

    Result<void> add_interest() {
        if (!terms_.rate) {
            return {};
        }
        PROBATUM_LET(all, interest_dates());
        if (first_date(terms_, terms_.interest)) {
            out_.interest_dates = all;
        }
        const auto end = terms_.capitalization_end;
        const auto paid = std::ranges::find_if(all, [&](Moment date) { return !end || date > *end; });
        if (end) {
            const auto capitalised = std::ranges::lower_bound(all, *end);
            PROBATUM_TRY(add({all.begin(), capitalised}, EventType::ipci));
            add_as_given(*end, EventType::ipci);
        }
        return add({paid, all.end()}, EventType::ip);
    }

    Result<void> add_resets() {
        if (!terms_.reset.when.is_set()) {
            return {};
        }
        PROBATUM_LET(all, dates(terms_.reset.when, maturity_, false));
        const auto next = std::ranges::upper_bound(all, terms_.status_date);
        for (auto date = all.begin(); date != all.end(); ++date) {
            const bool fixed = terms_.reset.next_rate && date == next;
            if (!fixed && terms_.reset.index.empty()) {
                return fail(Errc::terms_invalid, "marketObjectCodeOfRateReset", "a rate reset needs an index");
            }
            PROBATUM_TRY(add({date, date + 1}, fixed ? EventType::rrf : EventType::rr));
            if (terms_.type == ContractType::ann) {
                PROBATUM_TRY(add({date, date + 1}, EventType::prf));
            }
        }
        return {};
    }

    /// The payment of an annuity is fixed one day before it is first due; at the beginning where there is no such day.
    Result<void> add_annuity() {
        if (terms_.type != ContractType::ann) {
            return {};
        }
        PROBATUM_LET(all, dates(terms_.principal, terms_.amortization.value_or(maturity_), true));
        const Moment begin = std::max(terms_.status_date, terms_.initial_exchange);
        const auto first = std::ranges::find_if(
            all, [&](Moment date) { return date > begin || (!running_ && date == terms_.initial_exchange); });
        for (auto date = first; date != all.end(); ++date) {
            PROBATUM_LET(due, scheduled(*date));
            out_.principal_dates.push_back(due);
        }
        if (terms_.next_principal) {
            return {};
        }
        if (out_.principal_dates.empty()) {
            return fail(Errc::terms_invalid, terms_.amortization ? "amortizationDate" : "maturityDate",
                        "no principal date is left");
        }
        // A first payment that rolls back must not happen before its amount is known.
        const Moment due = std::min(*first, out_.principal_dates.front().event);
        const Moment fixing{plus_days(due.date, -1), due.second_of_day};
        if (fixing > begin) {
            add_as_given(fixing, EventType::prf);
        } else {
            out_.fix_at_start = true;
        }
        return {};
    }

    Result<void> add_others() {
        if (terms_.fee.rate && terms_.fee.when.is_set()) {
            PROBATUM_LET(all, dates(terms_.fee.when, maturity_, true));
            PROBATUM_TRY(add(all, EventType::fp));
        }
        if ((terms_.scaling.interest || terms_.scaling.notional) && terms_.scaling.when.is_set()) {
            PROBATUM_LET(all, dates(terms_.scaling.when, maturity_, false));
            PROBATUM_TRY(add(all, EventType::sc));
        }
        if (terms_.interest_base == InterestBase::notional_lagged && terms_.type != ContractType::pam &&
            terms_.interest_base_fixing.is_set()) {
            PROBATUM_LET(all, dates(terms_.interest_base_fixing, maturity_, false));
            PROBATUM_TRY(add(all, EventType::ipcb));
        }
        return {};
    }

    Result<void> add_observed() {
        for (std::size_t i = 0; i < input_.events.size(); ++i) {
            const ObservedEvent& event = input_.events[i];
            const std::string field = "eventsObserved[" + std::to_string(i) + "]";
            if (event.type != EventType::pp && event.type != EventType::ad) {
                return fail(Errc::terms_invalid, field, "only PP and AD can be observed");
            }
            if (event.type == EventType::pp) {
                if (terms_.prepayment == PrepaymentEffect::not_allowed) {
                    return fail(Errc::terms_invalid, field, "prepaymentEffect does not allow a prepayment");
                }
                if (event.amount.sign() <= 0) {
                    return fail(Errc::terms_invalid, field, "a prepayment is above zero");
                }
                if (terms_.penalty != PenaltyType::none) {
                    add_as_given(event.at, EventType::py);
                }
                if (terms_.type == ContractType::ann && terms_.prepayment == PrepaymentEffect::reduces_amount) {
                    add_as_given(event.at, EventType::prf);
                }
            }
            out_.events.push_back({event.at, event.at, event.type, event.amount});
        }
        return {};
    }

    void finish() {
        const auto key = [](const PlannedEvent& event) { return std::pair{event.at, event.type}; };
        std::ranges::stable_sort(out_.events, {}, key);
        std::erase_if(out_.events, [&](const PlannedEvent& event) {
            return event.at <= terms_.status_date || (input_.to && event.at > *input_.to) ||
                   (terms_.termination && key(event) > std::pair{terms_.termination->at, EventType::td});
        });
    }

    const ActusCase& input_;
    const ActusTerms& terms_;
    Moment maturity_;
    bool running_;
    std::vector<Moment> redemptions_{};
    ActusPlan out_{};
};

}  // namespace

std::optional<Moment> first_date(const ActusTerms& terms, const Cycled& when) {
    if (when.anchor || !when.cycle) {
        return when.anchor;
    }
    return step(terms.initial_exchange, *when.cycle, 1, terms.end_of_month);
}

Result<Moment> maturity_of(const ActusTerms& terms) {
    if (terms.maturity) {
        return *terms.maturity;
    }
    if (terms.type == ContractType::ann && terms.amortization) {
        return *terms.amortization;
    }
    if (!terms.next_principal || !terms.principal.cycle) {
        return fail(Errc::terms_invalid, "maturityDate",
                    "neither given nor implied by cycleOfPrincipalRedemption and nextPrincipalRedemptionPayment");
    }
    const Counting counting = counting_of(terms, *first_date(terms, terms.principal));
    const auto date = [&](std::int64_t k) {
        return step(counting.first, *terms.principal.cycle, k, terms.end_of_month);
    };
    const std::int64_t last_paid = std::max<std::int64_t>(counting.paid - 1, 0);
    const Rational redemption = redemption_of(terms, date(last_paid), date(last_paid + 1));
    if (redemption.sign() <= 0) {
        return fail(Errc::terms_invalid, "nextPrincipalRedemptionPayment", "it never repays the principal");
    }
    const auto payments = (terms.notional / redemption).ceiling();
    if (!payments || *payments > std::int64_t{kMaxCycleDates} ||
        *payments * longest_days(*terms.principal.cycle) > kLongestLifeDays) {
        return fail(Errc::too_large, "nextPrincipalRedemptionPayment",
                    "more than 12000 payments or 400 years would be needed");
    }
    return date(counting.paid + std::max<std::int64_t>(*payments, 1) - 1);
}

Result<ActusPlan> plan_events(const ActusCase& input) {
    PROBATUM_LET(maturity, maturity_of(input.terms));
    if (maturity <= input.terms.initial_exchange) {
        return fail(Errc::terms_invalid, "maturityDate", "not after initialExchangeDate");
    }
    if (input.terms.capitalization_end && *input.terms.capitalization_end > maturity) {
        return fail(Errc::terms_invalid, "capitalizationEndDate", "after maturity");
    }
    if (input.terms.purchase && input.terms.purchase->at > maturity) {
        return fail(Errc::terms_invalid, "purchaseDate", "after maturity");
    }
    if (input.terms.termination && input.terms.termination->at > maturity) {
        return fail(Errc::terms_invalid, "terminationDate", "after maturity");
    }
    return Planner{input, maturity}.plan();
}

}  // namespace probatum::schedule
