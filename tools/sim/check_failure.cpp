#include "tools/sim/check_failure.h"

#include "base/check.h"

namespace probatum::sim {

void catch_failed_checks() {
    (void)set_check_handler([](std::string_view message) { throw CheckFailed{std::string{message}}; });
}

}  // namespace probatum::sim
