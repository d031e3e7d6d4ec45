#pragma once

#include <functional>
#include <vector>

#include "contracts_world.h"

namespace probatum::contracts {

/// One way to be refused: the number and the field are part of the specification (docs/spec/contracts.md, "Refusals").
struct Refusal {
    const char* name;
    std::function<Execution(test::LoanWorld&)> attempt;
    Errc code;
    const char* field;
};

/// Of refusals_registration.cpp, refusals_signing.cpp, refusals_money.cpp.
[[nodiscard]] std::vector<Refusal> registration_refusals();
[[nodiscard]] std::vector<Refusal> signing_refusals();
[[nodiscard]] std::vector<Refusal> money_refusals();

}  // namespace probatum::contracts
