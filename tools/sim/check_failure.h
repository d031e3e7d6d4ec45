#pragma once

#include <string>

namespace probatum::sim {

/// A PROBATUM_CHECK that did not hold inside a simulated process; thrown out of it in the place of the abort.
struct CheckFailed {
    std::string what;
};

/// Makes failed checks throw CheckFailed. Once, before any simulation runs.
void catch_failed_checks();

}  // namespace probatum::sim
