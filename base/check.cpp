#include "base/check.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace probatum {

namespace {
std::atomic<CheckHandler> installed_handler{nullptr};
}  // namespace

CheckHandler set_check_handler(CheckHandler handler) { return installed_handler.exchange(handler); }

void check_failed(std::string_view condition, std::string_view file, int line, std::string_view why) {
    std::string message = "internal check failed: ";
    message.append(condition).append(" (").append(why).append(") at ");
    message.append(file).append(":").append(std::to_string(line));
    if (const CheckHandler handler = installed_handler.load(); handler != nullptr) { handler(message); }
    std::fprintf(stderr, "%s\n", message.c_str());
    std::fflush(stderr);
    std::abort();
}

}  // namespace probatum
