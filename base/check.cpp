#include "base/check.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace probatum {

namespace {
CheckHandler installed_handler = nullptr;
}  // namespace

CheckHandler set_check_handler(CheckHandler handler) { return std::exchange(installed_handler, handler); }

void check_failed(std::string_view condition, std::string_view file, int line, std::string_view why) {
    std::string message = "internal check failed: ";
    message.append(condition).append(" (").append(why).append(") at ");
    message.append(file).append(":").append(std::to_string(line));
    if (installed_handler != nullptr) {
        installed_handler(message);
    }
    std::fprintf(stderr, "%s\n", message.c_str());
    std::fflush(stderr);
    std::abort();
}

}  // namespace probatum
