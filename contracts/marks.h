#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/cbor.h"

namespace probatum::contracts {

/// Who did something, and in which event.
struct Mark {
    std::string organisation;
    std::string member;
    std::uint64_t sequence{0};
    [[nodiscard]] bool same_person(const Mark& other) const {
        return organisation == other.organisation && member == other.member;
    }
    friend bool operator==(const Mark&, const Mark&) = default;
};

namespace codec {
void write_mark(cbor::Writer& out, const Mark& mark);  ///< [organisation, member, sequence]
[[nodiscard]] Mark read_mark(cbor::Reader& in, std::string_view field);
void write_optional_mark(cbor::Writer& out, const std::optional<Mark>& mark);  ///< null where there is none.
[[nodiscard]] std::optional<Mark> read_optional_mark(cbor::Reader& in, std::string_view field);
}  // namespace codec

}  // namespace probatum::contracts
