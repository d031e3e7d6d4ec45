#include "contracts/schedule/actus.h"

#include <algorithm>
#include <array>

#include "contracts/schedule/actus_state.h"

namespace probatum::schedule {

namespace {

constexpr std::array<std::string_view, 16> kEventNames{"IED", "FP",  "PR",  "PY", "PP", "IP",   "IPCI", "RRF",
                                                       "RR",  "PRF", "PRD", "TD", "SC", "IPCB", "MD",   "AD"};

Result<void> invalid(std::string_view term, std::string_view why) {
    return fail(Errc::terms_invalid, std::string{term}, std::string{why});
}

Result<void> check_principal(const ActusTerms& terms) {
    if (terms.notional.sign() <= 0) {
        return invalid("notionalPrincipal", "above zero");
    }
    if (terms.next_principal && terms.next_principal->sign() <= 0) {
        return invalid("nextPrincipalRedemptionPayment", "above zero");
    }
    if (terms.type == ContractType::pam) {
        return terms.maturity ? Result<void>{} : invalid("maturityDate", "PAM needs it");
    }
    const bool with_interest = terms.type == ContractType::nam || terms.type == ContractType::ann;
    if (with_interest && !terms.principal.cycle) {
        return invalid("cycleOfPrincipalRedemption", "NAM and ANN need it");
    }
    if (with_interest && !terms.rate) {
        return invalid("nominalInterestRate", "NAM and ANN need it");
    }
    if (terms.type == ContractType::nam && !terms.next_principal) {
        return invalid("nextPrincipalRedemptionPayment", "NAM needs it");
    }
    return {};
}

Result<void> check_resets(const ActusTerms& terms) {
    const RateReset& reset = terms.reset;
    if (!reset.when.is_set()) {
        return {};
    }
    if (!terms.rate) {
        return invalid("nominalInterestRate", "a rate reset needs a rate to start from");
    }
    if (reset.life_cap && reset.life_floor && *reset.life_cap < *reset.life_floor) {
        return invalid("lifeFloor", "above lifeCap");
    }
    if (reset.period_cap && reset.period_cap->sign() < 0) {
        return invalid("periodCap", "the largest rise is not below zero");
    }
    if (reset.period_floor && reset.period_floor->sign() < 0) {
        return invalid("periodFloor", "the largest fall is given without a sign");
    }
    return {};
}

Result<void> check_others(const ActusTerms& terms) {
    const bool scales = terms.scaling.interest || terms.scaling.notional;
    if (scales && terms.scaling.when.is_set()) {
        if (terms.scaling.index.empty()) {
            return invalid("marketObjectCodeOfScalingIndex", "scalingEffect needs an index");
        }
        if (!terms.scaling.index_at_start || terms.scaling.index_at_start->sign() <= 0) {
            return invalid("scalingIndexAtContractDealDate", "scalingEffect needs it, above zero");
        }
    }
    if (terms.interest_base_amount && terms.interest_base_amount->sign() < 0) {
        return invalid("interestCalculationBaseAmount", "not below zero");
    }
    if (terms.penalty == PenaltyType::interest_differential && terms.reset.index.empty()) {
        return invalid("marketObjectCodeOfRateReset", "penaltyType I compares the rate with an index");
    }
    if (terms.purchase && terms.termination && terms.termination->at <= terms.purchase->at) {
        return invalid("terminationDate", "not after purchaseDate");
    }
    return terms.calendar.check();
}

}  // namespace

std::string_view name(EventType type) { return kEventNames[static_cast<std::size_t>(type)]; }

std::optional<EventType> event_type_from_name(std::string_view text) {
    const auto* const found = std::ranges::find(kEventNames, text);
    return found == kEventNames.end() ? std::nullopt
                                      : std::optional{static_cast<EventType>(found - kEventNames.begin())};
}

const Rational* Observations::at(std::string_view code, Moment when) const {
    const auto found = series.find(code);
    if (found == series.end()) {
        return nullptr;
    }
    const auto later = std::ranges::upper_bound(found->second, when, {}, &std::pair<Moment, Rational>::first);
    return later == found->second.begin() ? nullptr : &(later - 1)->second;
}

Result<void> check_terms(const ActusTerms& terms) {
    PROBATUM_TRY(check_principal(terms));
    PROBATUM_TRY(check_resets(terms));
    return check_others(terms);
}

Result<std::vector<ActusEvent>> actus_events(const ActusCase& input) {
    PROBATUM_TRY(check_terms(input.terms));
    PROBATUM_LET(plan, plan_events(input));
    ActusMachine machine{input, plan};
    std::vector<ActusEvent> out;
    for (const PlannedEvent& event : plan.events) {
        PROBATUM_LET(happened, machine.apply(event));
        // Who buys later receives nothing of what was before, though it formed the state.
        const auto& purchase = input.terms.purchase;
        if (!purchase || std::pair{happened.at, happened.type} >= std::pair{purchase->at, EventType::prd}) {
            out.push_back(std::move(happened));
        }
    }
    return out;
}

}  // namespace probatum::schedule
