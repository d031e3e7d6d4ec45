#include "contracts/schedule/actus_state.h"

#include <algorithm>
#include <utility>

#include "contracts/schedule/annuity.h"

namespace probatum::schedule {

namespace {

Rational kept(const Rational& value) { return value.rounded(kStatePlaces, Rounding::half_even); }

const Rational& smaller(const Rational& a, const Rational& b) { return b < a ? b : a; }
const Rational& larger(const Rational& a, const Rational& b) { return a < b ? b : a; }

}  // namespace

ActusMachine::ActusMachine(const ActusCase& input, const ActusPlan& plan)
    : input_{input}, terms_{input.terms}, plan_{plan}, sign_{terms_.creator_owes ? -1 : 1} {
    state_.at = terms_.status_date;
    if (terms_.scaling.notional) {
        state_.notional_scale = terms_.scaling.notional_multiplier;
    }
    if (terms_.scaling.interest) {
        state_.interest_scale = terms_.scaling.interest_multiplier;
    }
    if (terms_.initial_exchange <= terms_.status_date) {
        start_running();
    }
    first_payment();
    round_state();
}

/// A contract that runs already: its terms describe it as of the status date.
void ActusMachine::start_running() {
    state_.notional = sign_ * terms_.notional;
    state_.rate = terms_.rate.value_or(Rational{});
    state_.fee_accrued = sign_ * terms_.fee.accrued;
    state_.interest_base = start_of_base();
    if (terms_.accrued_interest) {
        state_.accrued = sign_ * *terms_.accrued_interest;
        return;
    }
    const auto next = std::ranges::lower_bound(plan_.interest_dates, terms_.status_date);
    if (next != plan_.interest_dates.begin()) {
        state_.accrued = year_between(*(next - 1), terms_.status_date) * state_.interest_base * state_.rate;
    }
}

void ActusMachine::first_payment() {
    if (terms_.type == ContractType::pam) {
        return;
    }
    if (terms_.next_principal) {
        state_.next_principal = sign_ * *terms_.next_principal;
    } else if (terms_.type == ContractType::lam) {
        state_.next_principal = sign_ * terms_.notional / Rational{static_cast<std::int64_t>(plan_.principal_count)};
    } else if (plan_.fix_at_start) {
        const bool running = terms_.initial_exchange <= terms_.status_date;
        const ActusState before = state_;
        state_.notional = sign_ * terms_.notional;
        state_.rate = terms_.rate.value_or(Rational{});
        const Rational payment = annuity(running ? terms_.status_date : terms_.initial_exchange, true);
        state_ = before;
        state_.next_principal = payment;
    }
}

Rational ActusMachine::start_of_base() const {
    const bool given = terms_.interest_base != InterestBase::notional && terms_.interest_base_amount;
    return sign_ * (given ? *terms_.interest_base_amount : terms_.notional);
}

Rational ActusMachine::year_between(Moment from, Moment to) const {
    if (to <= from) {
        return {};
    }
    return year_fraction({from.counting_day(), to.counting_day()}, terms_.day_count, plan_.maturity.counting_day());
}

/// The payment that leaves nothing, for what is owed now and the dates that are left.
Rational ActusMachine::annuity(Moment now, bool from_first) const {
    std::optional<Moment> last;
    Rational debt = state_.notional + state_.accrued;
    std::vector<Rational> factors;
    for (const ScheduledDate& date : plan_.principal_dates) {
        const Moment due = date.calculation;
        if (!from_first && due <= now) {
            continue;
        }
        if (last) {
            factors.push_back(Rational{1} + state_.rate * year_between(*last, due));
        } else {
            debt += state_.notional * state_.rate * year_between(now, due);
        }
        last = due;
    }
    return last ? equal_payment(debt, factors, kStatePlaces) : debt;
}

Result<Rational> ActusMachine::observed(std::string_view code, std::string_view term, Moment when) const {
    const Rational* const value = input_.observations.at(code, when);
    if (value == nullptr) {
        return fail(Errc::terms_invalid, std::string{term},
                    "no value of " + std::string{code} + " at or before " + when.to_string());
    }
    return *value;
}

void ActusMachine::accrue_to(Moment when) {
    const Rational year = year_between(state_.at, when);
    state_.accrued += year * state_.rate * state_.interest_base;
    if (terms_.fee.rate && terms_.fee.basis == FeeBasis::notional) {
        state_.fee_accrued += year * state_.notional * *terms_.fee.rate;
    }
}

void ActusMachine::base_follows_notional() {
    if (terms_.type == ContractType::pam || terms_.interest_base == InterestBase::notional) {
        state_.interest_base = state_.notional;
    }
}

void ActusMachine::round_state() {
    for (Rational* const value :
         {&state_.notional, &state_.rate, &state_.accrued, &state_.fee_accrued, &state_.interest_base,
          &state_.next_principal, &state_.notional_scale, &state_.interest_scale}) {
        *value = kept(*value);
    }
}

Rational ActusMachine::exchange(Moment when) {
    state_.notional = sign_ * terms_.notional;
    state_.rate = terms_.rate.value_or(Rational{});
    state_.interest_base = start_of_base();
    state_.accrued = Rational{};
    if (terms_.accrued_interest) {
        state_.accrued = sign_ * *terms_.accrued_interest;
    } else if (terms_.interest.anchor) {
        state_.accrued = year_between(*terms_.interest.anchor, when) * state_.notional * state_.rate;
    }
    return -sign_ * (terms_.notional + terms_.premium_discount);
}

/// Never more than is left: what would go beyond stays with the payer.
Rational ActusMachine::redeem() {
    Rational part = terms_.type == ContractType::lam ? state_.next_principal : state_.next_principal - state_.accrued;
    if (sign_ * part > sign_ * state_.notional) {
        part = state_.notional;
    }
    state_.notional -= part;
    base_follows_notional();
    return state_.notional_scale * part;
}

Rational ActusMachine::prepay(const PlannedEvent& event) {
    const Rational part = sign_ * smaller(event.amount, state_.notional.magnitude());
    const Rational before = state_.notional;
    state_.notional -= part;
    base_follows_notional();
    // An annuity is fixed anew by an event of its own, after the interest of this moment is paid.
    const bool smaller_shares =
        terms_.prepayment == PrepaymentEffect::reduces_amount && terms_.type == ContractType::lam;
    if (smaller_shares && !before.is_zero()) {
        state_.next_principal *= state_.notional / before;
    }
    return part;
}

Result<Rational> ActusMachine::penalty(const PlannedEvent& event) const {
    const Rational counted = year_between(state_.at, event.calculation) * state_.notional;
    switch (terms_.penalty) {
        case PenaltyType::absolute:
            return sign_ * terms_.penalty_rate;
        case PenaltyType::notional:
            return counted * terms_.penalty_rate;
        case PenaltyType::interest_differential: {
            PROBATUM_LET(index, observed(terms_.reset.index, "marketObjectCodeOfRateReset", event.calculation));
            return counted * larger(Rational{}, state_.rate - index);
        }
        case PenaltyType::none:
            break;
    }
    return Rational{};
}

Rational ActusMachine::pay_fee() {
    const Rational out = terms_.fee.basis == FeeBasis::absolute ? sign_ * *terms_.fee.rate : state_.fee_accrued;
    state_.fee_accrued = Rational{};
    return out;
}

void ActusMachine::capitalise() {
    state_.notional += state_.accrued;
    state_.accrued = Rational{};
    base_follows_notional();
}

Rational ActusMachine::mature() {
    const Rational out =
        state_.notional_scale * state_.notional + state_.interest_scale * state_.accrued + state_.fee_accrued;
    state_.notional = state_.accrued = state_.fee_accrued = state_.interest_base = Rational{};
    return out;
}

Rational ActusMachine::terminate() {
    const Rational out = sign_ * (terms_.termination->price + state_.accrued);
    state_.notional = state_.accrued = state_.fee_accrued = state_.interest_base = Rational{};
    return out;
}

Result<void> ActusMachine::reset_rate(Moment when) {
    const RateReset& reset = terms_.reset;
    PROBATUM_LET(index, observed(reset.index, "marketObjectCodeOfRateReset", when));
    Rational change = index * reset.multiplier + reset.spread - state_.rate;
    if (reset.period_floor) {
        change = larger(change, -*reset.period_floor);
    }
    if (reset.period_cap) {
        change = smaller(change, *reset.period_cap);
    }
    state_.rate += change;
    if (reset.life_floor) {
        state_.rate = larger(state_.rate, *reset.life_floor);
    }
    if (reset.life_cap) {
        state_.rate = smaller(state_.rate, *reset.life_cap);
    }
    return {};
}

Result<void> ActusMachine::rescale(Moment when) {
    PROBATUM_LET(index, observed(terms_.scaling.index, "marketObjectCodeOfScalingIndex", when));
    const Rational scale = index / *terms_.scaling.index_at_start;
    if (terms_.scaling.notional) {
        state_.notional_scale = scale;
    }
    if (terms_.scaling.interest) {
        state_.interest_scale = scale;
    }
    return {};
}

Result<Rational> ActusMachine::payoff_of(const PlannedEvent& event) {
    switch (event.type) {
        case EventType::ied:
            return exchange(event.calculation);
        case EventType::fp:
            return pay_fee();
        case EventType::pr:
            return redeem();
        case EventType::pp:
            return prepay(event);
        case EventType::ip:
            return state_.interest_scale * std::exchange(state_.accrued, Rational{});
        case EventType::ipci:
            capitalise();
            break;
        case EventType::rrf:
            state_.rate = *terms_.reset.next_rate;
            break;
        case EventType::rr:
            PROBATUM_TRY(reset_rate(event.calculation));
            break;
        case EventType::prf:
            state_.next_principal = annuity(event.calculation, false);
            break;
        case EventType::prd:
            return -sign_ * (terms_.purchase->price + state_.accrued);
        case EventType::td:
            return terminate();
        case EventType::sc:
            PROBATUM_TRY(rescale(event.calculation));
            break;
        case EventType::ipcb:
            state_.interest_base = state_.notional;
            break;
        case EventType::md:
            return mature();
        case EventType::py:
        case EventType::ad:
            break;
    }
    return Rational{};
}

Result<ActusEvent> ActusMachine::apply(const PlannedEvent& event) {
    // A penalty looks at the time since the last event, so it is asked before that time is counted.
    auto payoff = event.type == EventType::py ? penalty(event) : Result<Rational>{Rational{}};
    accrue_to(event.calculation);
    if (event.type != EventType::py) {
        payoff = payoff_of(event);
    }
    if (!payoff) {
        return fail(std::move(payoff).error());
    }
    state_.at = std::max(state_.at, event.calculation);
    round_state();
    return ActusEvent{event.at, event.type, kept(*payoff), state_.notional, state_.rate, state_.accrued};
}

}  // namespace probatum::schedule
