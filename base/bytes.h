#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace probatum {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
template <std::size_t N>
using ByteArray = std::array<std::uint8_t, N>;

/// The bytes of a text, not copied. The view lives as long as the text.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

[[nodiscard]] inline bool equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

/// Thirty-two bytes that a hash function made. Ordered bytewise; the zero value means "none".
struct Digest {
    static constexpr std::size_t kSize = 32;
    ByteArray<kSize> bytes{};

    [[nodiscard]] ByteView view() const { return bytes; }
    [[nodiscard]] bool is_zero() const { return *this == Digest{}; }
    friend auto operator<=>(const Digest&, const Digest&) = default;
};

/// For hash tables that are never iterated: a digest is already uniformly distributed.
struct DigestHash {
    [[nodiscard]] std::size_t operator()(const Digest& digest) const {
        std::size_t out = 0;
        std::memcpy(&out, digest.bytes.data(), sizeof out);
        return out;
    }
};

}  // namespace probatum
