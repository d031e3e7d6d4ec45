#pragma once

#include "contracts/schedule/actus.h"

/// When the events of a contract happen. Amounts are actus_state's.
namespace probatum::schedule {

struct PlannedEvent {
    Moment at;           ///< When it happens.
    Moment calculation;  ///< What its amounts are calculated for.
    EventType type{EventType::ied};
    Rational amount{};  ///< Of an observed prepayment.
};

struct ActusPlan {
    Moment maturity;
    std::vector<PlannedEvent> events;            ///< In the order of evaluation; all after the status date.
    std::vector<ScheduledDate> principal_dates;  ///< Of ANN: those to come, up to amortisation or maturity, inclusive.
    std::vector<Moment> interest_dates;          ///< Before rolling; of the running cycle, before the status date too.
    std::size_t principal_count{0};              ///< Principal dates after the status date, maturity included.
    bool fix_at_start{false};                    ///< ANN: the payment is fixed with the first state, not by an event.
};

/// The first date of a cycle: its anchor, otherwise one cycle after the initial exchange, otherwise none.
[[nodiscard]] std::optional<Moment> first_date(const ActusTerms& terms, const Cycled& when);

/// The maturity as given, or as the redemption payment implies. Precondition: check_terms held.
[[nodiscard]] Result<Moment> maturity_of(const ActusTerms& terms);

/// Precondition: check_terms held. Errors as actus_events.
[[nodiscard]] Result<ActusPlan> plan_events(const ActusCase& input);

}  // namespace probatum::schedule
