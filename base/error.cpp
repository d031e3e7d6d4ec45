#include "base/error.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace probatum {

namespace {

constexpr auto kRegistry = std::to_array<ErrorInfo>({
#define X(name, number, en, zh, remedy_en, remedy_zh) {Errc::name, #name, en, zh, remedy_en, remedy_zh},
#include "base/errors.def"
#undef X
});

constexpr std::uint16_t number_of(const ErrorInfo& line) { return static_cast<std::uint16_t>(line.code); }

constexpr bool ascends_strictly() {
    for (std::size_t i = 1; i < kRegistry.size(); ++i) {
        if (number_of(kRegistry[i - 1]) >= number_of(kRegistry[i])) {
            return false;
        }
    }
    return true;
}
static_assert(ascends_strictly(), "base/errors.def: numbers ascend and none is used twice");

constexpr bool every_text_is_there() {
    return std::ranges::none_of(kRegistry, [](const ErrorInfo& line) {
        return line.english.empty() || line.chinese.empty() || line.remedy_english.empty() ||
               line.remedy_chinese.empty();
    });
}
static_assert(every_text_is_there(), "base/errors.def: both languages and both remedies");

}  // namespace

std::span<const ErrorInfo> error_registry() { return kRegistry; }

const ErrorInfo* find_error(std::uint16_t number) {
    const auto line = std::ranges::lower_bound(kRegistry, number, {}, number_of);
    return line != kRegistry.end() && number_of(*line) == number ? &*line : nullptr;
}

const ErrorInfo& info(Errc code) {
    const ErrorInfo* const line = find_error(static_cast<std::uint16_t>(code));
    PROBATUM_CHECK(line != nullptr, "an Errc is made from the registry only");
    return *line;
}

std::string Error::to_string() const {
    const ErrorInfo* const line = find_error(number());
    std::string out = std::to_string(number());
    out += ' ';
    out += line != nullptr ? line->name : std::string_view{"unregistered"};
    if (!field.empty()) {
        out += " (field " + field + ")";
    }
    if (!detail.empty()) {
        out += ": " + detail;
    }
    return out;
}

}  // namespace probatum
