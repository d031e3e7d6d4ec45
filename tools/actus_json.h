#pragma once

#include <span>
#include <string>
#include <vector>

#include "contracts/schedule/actus.h"
#include "rpc/json.h"

/// The layout in which the expected results of ACTUS contracts are published: an object of cases by name, each with
/// `terms`, `to`, `dataObserved`, `eventsObserved` and, where they are known, `results`.
namespace probatum::tools {

/// The terms of one contract under the dictionary's names. A name that is not in the dictionary, a value of another
/// form and a term that this engine does not carry out are errors; terms that say nothing about amounts or dates are
/// read over. Errors: malformed, too_large or terms_invalid; the field begins with `path`.
[[nodiscard]] Result<schedule::ActusTerms> read_actus_terms(const rpc::Json& terms, const std::string& path);

/// One case. Errors as read_actus_terms; the field begins with the case's name.
[[nodiscard]] Result<schedule::ActusCase> read_actus_case(const rpc::Json& object, const std::string& name);

struct PublishedCase {
    std::string name;
    std::vector<schedule::ActusEvent> events;
};
/// {case: [{eventDate, eventType, payoff, notionalPrincipal, nominalInterestRate, accruedInterest}, …]}, one event a
/// line, numbers as decimals of at most 20 places.
[[nodiscard]] std::string write_actus_cases(std::span<const PublishedCase> cases);

}  // namespace probatum::tools
