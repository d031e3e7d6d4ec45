#pragma once

#include "contracts/schedule/actus_dates.h"

/// What the events of a contract pay and leave behind.
namespace probatum::schedule {

/// The state variables. Signed: below zero where the contract's creator owes.
struct ActusState {
    Moment at;  ///< Up to where interest and fees are counted.
    Rational notional{}, rate{}, accrued{}, fee_accrued{};
    Rational interest_base{};   ///< What interest is counted on.
    Rational next_principal{};  ///< LAM: principal alone; NAM, ANN: with interest.
    Rational notional_scale{1}, interest_scale{1};
};

/// Evaluates events one after another. Precondition: check_terms held of input.terms and `plan` belongs to it; both
/// outlive the machine. Threads: one.
class ActusMachine {
public:
    ActusMachine(const ActusCase& input, const ActusPlan& plan);

    /// terms_invalid naming the market code that has no value yet. After an error the machine is not used again.
    [[nodiscard]] Result<ActusEvent> apply(const PlannedEvent& event);

private:
    /// Interest and fee up to the event are in `accrued` and `fee_accrued` when these are called; each gives the
    /// payoff.
    [[nodiscard]] Rational exchange(Moment when);
    [[nodiscard]] Rational redeem();
    [[nodiscard]] Rational prepay(const PlannedEvent& event);
    [[nodiscard]] Result<Rational> penalty(const PlannedEvent& event) const;
    [[nodiscard]] Rational pay_fee();
    [[nodiscard]] Rational mature();
    [[nodiscard]] Rational terminate();
    void capitalise();
    [[nodiscard]] Result<void> reset_rate(Moment when);
    [[nodiscard]] Result<void> rescale(Moment when);
    [[nodiscard]] Result<Rational> payoff_of(const PlannedEvent& event);

    void accrue_to(Moment when);
    void base_follows_notional();
    void round_state();
    void start_running();
    void first_payment();
    [[nodiscard]] Rational start_of_base() const;
    [[nodiscard]] Rational year_between(Moment from, Moment to) const;
    [[nodiscard]] Rational annuity(Moment now, bool from_first) const;
    [[nodiscard]] Result<Rational> observed(std::string_view code, std::string_view term, Moment when) const;

    const ActusCase& input_;
    const ActusTerms& terms_;
    const ActusPlan& plan_;
    Rational sign_;
    ActusState state_;
};

}  // namespace probatum::schedule
