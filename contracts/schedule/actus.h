#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "contracts/schedule/calendar.h"
#include "contracts/schedule/cycle.h"
#include "contracts/schedule/day_count.h"
#include "contracts/schedule/moment.h"
#include "contracts/schedule/rational.h"

/// The ACTUS contract types PAM, LAM, NAM and ANN: terms in, events with amounts out, nothing rounded to minor units.
/// Every rule is in docs/spec/schedules.md with its source. The names of terms in errors are the dictionary's.
namespace probatum::schedule {

enum class ContractType : std::uint8_t {
    pam,  ///< Principal at maturity.
    lam,  ///< Linear amortizer: equal principal.
    nam,  ///< Negative amortizer: equal total payment; what interest leaves over reduces the principal.
    ann   ///< Annuity: equal total payment, fixed so that nothing is left.
};

/// In the order in which events of one moment are evaluated.
enum class EventType : std::uint8_t {
    ied,   ///< Initial exchange.
    fp,    ///< Fee payment.
    pr,    ///< Principal redemption.
    py,    ///< Penalty payment, of a prepayment at the same moment.
    pp,    ///< Principal prepayment.
    ip,    ///< Interest payment.
    ipci,  ///< Interest capitalisation.
    rrf,   ///< Rate reset with a rate already fixed.
    rr,    ///< Rate reset.
    prf,   ///< Principal payment amount fixing.
    prd,   ///< Purchase.
    td,    ///< Termination.
    sc,    ///< Scaling index revision.
    ipcb,  ///< Interest calculation base fixing.
    md,    ///< Maturity.
    ad     ///< Analysis: shows the state, changes nothing else.
};
[[nodiscard]] std::string_view name(EventType type);  ///< "IPCI"
[[nodiscard]] std::optional<EventType> event_type_from_name(std::string_view name);

enum class InterestBase : std::uint8_t {
    notional,              ///< NT: what is outstanding.
    notional_at_exchange,  ///< NTIED: what was outstanding at the beginning, for ever.
    notional_lagged        ///< NTL: what was outstanding at the last IPCB event.
};
enum class FeeBasis : std::uint8_t {
    absolute,  ///< A: an amount at each fee payment.
    notional   ///< N: a rate a year on the notional.
};
enum class PrepaymentEffect : std::uint8_t {
    not_allowed,      ///< N
    reduces_amount,   ///< A: the payments that follow become smaller.
    reduces_maturity  ///< M: the payments stay and end earlier.
};
enum class PenaltyType : std::uint8_t {
    none,                  ///< O
    absolute,              ///< A: an amount.
    notional,              ///< N: a rate on the notional for the time since the last event.
    interest_differential  ///< I: the contract's rate less the index, on the notional for that time.
};

/// Where and how often something happens.
struct Cycled {
    std::optional<Moment> anchor{};
    std::optional<Cycle> cycle{};
    [[nodiscard]] bool is_set() const { return anchor || cycle; }
};

struct RateReset {
    Cycled when{};
    std::string index{};  ///< marketObjectCodeOfRateReset
    Rational multiplier{1};
    Rational spread{};
    std::optional<Rational> next_rate{};  ///< Fixed already; the first reset after the status date takes it.
    std::optional<Rational> life_cap{}, life_floor{};
    std::optional<Rational> period_cap{}, period_floor{};  ///< Largest rise and largest fall of one reset.
};
struct Fee {
    Cycled when{};
    std::optional<Rational> rate{};
    FeeBasis basis{FeeBasis::absolute};
    Rational accrued{};
};
struct Scaling {
    Cycled when{};
    bool interest{false}, notional{false};
    std::string index{};                       ///< marketObjectCodeOfScalingIndex
    std::optional<Rational> index_at_start{};  ///< scalingIndexAtContractDealDate
    Rational notional_multiplier{1}, interest_multiplier{1};
};
struct Trade {
    Moment at;
    Rational price;  ///< Without accrued interest.
};

/// Terms under the dictionary's meaning. Amounts are positive for either side; `creator_owes` decides their sign.
struct ActusTerms {
    ContractType type{ContractType::pam};
    bool creator_owes{false};  ///< contractRole RPL; every amount that moves changes its sign.
    Moment status_date, initial_exchange;
    std::optional<Moment> maturity{}, amortization{}, capitalization_end{};
    Rational notional{}, premium_discount{};
    std::optional<Rational> rate{}, accrued_interest{}, next_principal{};
    DayCount day_count{DayCount::actual_365};
    EndOfMonth end_of_month{EndOfMonth::same_day};
    BusinessDayConvention business_day{};
    Calendar calendar{};
    Cycled interest{}, principal{}, interest_base_fixing{};
    InterestBase interest_base{InterestBase::notional};
    std::optional<Rational> interest_base_amount{};
    RateReset reset{};
    Fee fee{};
    Scaling scaling{};
    std::optional<Trade> purchase{}, termination{};
    PrepaymentEffect prepayment{PrepaymentEffect::not_allowed};
    PenaltyType penalty{PenaltyType::none};
    Rational penalty_rate{};
};

/// Market data: the value of a code from each moment on. Moments of one code strictly ascending.
struct Observations {
    std::map<std::string, std::vector<std::pair<Moment, Rational>>, std::less<>> series{};
    /// The latest value at or before; nullptr if there is none.
    [[nodiscard]] const Rational* at(std::string_view code, Moment when) const;
};

/// Something that happened and no schedule foresaw: a prepayment (PP) or an analysis (AD).
struct ObservedEvent {
    Moment at;
    EventType type{EventType::pp};
    Rational amount{};  ///< Of a PP: above zero, whoever pays.
};

struct ActusCase {
    ActusTerms terms;
    Observations observations{};
    std::vector<ObservedEvent> events{};
    std::optional<Moment> to{};  ///< Events after it are left out.
};

/// One event, and the state after it. Signs are the contract creator's: what it receives is positive.
struct ActusEvent {
    Moment at;
    EventType type{EventType::ied};
    Rational payoff, notional, rate, accrued;
};

/// Decimal places that are kept of every state variable between events: docs/spec/schedules.md, section 2.
inline constexpr int kStatePlaces = 40;

/// terms_invalid with the dictionary's name of the term to blame, where terms are missing or contradict each other.
/// Threads: pure.
[[nodiscard]] Result<void> check_terms(const ActusTerms& terms);

/// All events after the status date, in order.
///
/// @return  terms_invalid as check_terms, or naming the market code, the observed event or the calendar that does not
///          serve; too_large above kMaxCycleDates dates of one kind.
/// Source:  docs/spec/schedules.md; published cases in tests/vectors/actus_vectors_test.cpp.
/// Threads: pure.
[[nodiscard]] Result<std::vector<ActusEvent>> actus_events(const ActusCase& input);

}  // namespace probatum::schedule
