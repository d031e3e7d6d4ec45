#include <limits>
#include <string>
#include <utility>

#include "base/cbor.h"
#include "base/cbor_float.h"
#include "base/text_encoding.h"

namespace probatum::cbor {

namespace {

constexpr std::uint8_t kUnsigned = 0;
constexpr std::uint8_t kNegative = 1;
constexpr std::uint8_t kBytes = 2;
constexpr std::uint8_t kText = 3;
constexpr std::uint8_t kArray = 4;
constexpr std::uint8_t kMap = 5;
constexpr std::uint8_t kTag = 6;
constexpr std::uint8_t kSimple = 7;

constexpr std::uint8_t kIndefinite = 31;
constexpr std::uint8_t kFalse = 20;
constexpr std::uint8_t kTrue = 21;
constexpr std::uint8_t kNull = 22;

constexpr std::size_t argument_size(std::uint8_t info) { return info < 24 ? 0 : std::size_t{1} << (info - 24U); }

constexpr bool is_shortest(std::uint8_t info, std::uint64_t argument) {
    switch (info) {
        case 24:
            return argument >= 24;
        case 25:
            return argument > 0xFF;
        case 26:
            return argument > 0xFFFF;
        case 27:
            return argument > 0xFFFF'FFFF;
        default:
            return true;
    }
}

/// Simple values and floats (RFC 8949 section 3.3): empty if deterministic, otherwise what is wrong.
struct SimpleFault {
    Errc code{};
    std::string_view detail{};
};

constexpr SimpleFault simple_fault(std::uint8_t info, std::uint64_t argument) {
    constexpr std::string_view kLongFloat = "float is not in its shortest form";
    if (info == 24 && argument < 32) {
        return {Errc::malformed, "two-byte simple value below 32"};
    }
    if (info == 26 && ieee754::narrows(argument, ieee754::kSingle, ieee754::kHalf)) {
        return {Errc::not_deterministic, kLongFloat};
    }
    if (info == 27 && ieee754::narrows(argument, ieee754::kDouble, ieee754::kSingle)) {
        return {Errc::not_deterministic, kLongFloat};
    }
    return {};
}

}  // namespace

void Reader::refuse(Errc code, std::string_view detail) {
    if (error_) {
        return;
    }
    error_ = Error{code, std::string{field_}, std::string{detail} + " at byte " + std::to_string(offset())};
}

void Reader::refuse(Error error) {
    if (error_) {
        return;
    }
    if (error.field.empty()) {
        error.field = field_;
    }
    error_ = std::move(error);
}

Kind Reader::peek() const { return at_end() ? Kind::end : static_cast<Kind>(rest_.front() >> 5U); }

std::optional<Reader::Head> Reader::read_head() {
    if (error_) {
        return std::nullopt;
    }
    if (rest_.empty()) {
        refuse(Errc::malformed, "the bytes end where an item is due");
        return std::nullopt;
    }
    const auto major = static_cast<std::uint8_t>(rest_.front() >> 5U);
    const auto info = static_cast<std::uint8_t>(rest_.front() & 0x1FU);
    if (info >= 28) {
        const bool indefinite = info == kIndefinite && major >= kBytes && major <= kMap;
        if (indefinite) {
            refuse(Errc::not_deterministic, "indefinite length");
        } else {
            refuse(Errc::malformed, "reserved additional information");
        }
        return std::nullopt;
    }
    const std::size_t width = argument_size(info);
    if (rest_.size() - 1 < width) {
        refuse(Errc::malformed, "the bytes end within a head");
        return std::nullopt;
    }
    std::uint64_t argument = info;
    if (width > 0) {
        argument = 0;
        for (const std::uint8_t byte : rest_.subspan(1, width)) {
            argument = argument << 8U | byte;
        }
    }
    if (major != kSimple && !is_shortest(info, argument)) {
        refuse(Errc::not_deterministic, "argument is not in its shortest form");
        return std::nullopt;
    }
    rest_ = rest_.subspan(1 + width);
    return Head{major, info, argument};
}

std::optional<std::uint64_t> Reader::expect(std::uint8_t major, std::string_view what) {
    if (error_) {
        return std::nullopt;
    }
    if (!rest_.empty() && rest_.front() >> 5U != major) {
        refuse(Errc::malformed, what);
        return std::nullopt;
    }
    const std::optional<Head> head = read_head();
    return head ? std::optional{head->argument} : std::nullopt;
}

bool Reader::enter() {
    if (depth_ >= limits_.depth) {
        refuse(Errc::too_deep, "nested too deeply");
        return false;
    }
    ++depth_;
    return true;
}

std::uint64_t Reader::uint() { return expect(kUnsigned, "expected an unsigned integer").value_or(0); }

std::uint64_t Reader::uint_at_most(std::uint64_t maximum) {
    const std::uint64_t value = uint();
    if (value <= maximum) {
        return value;
    }
    refuse(Errc::too_large, "above " + std::to_string(maximum));
    return 0;
}

std::int64_t Reader::integer() {
    const bool negative = peek() == Kind::negative_integer;
    const std::uint64_t argument = expect(negative ? kNegative : kUnsigned, "expected an integer").value_or(0);
    if (argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        refuse(Errc::too_large, "beyond 64-bit signed");
        return 0;
    }
    const auto value = static_cast<std::int64_t>(argument);
    return negative ? -1 - value : value;
}

ByteView Reader::string(std::uint8_t major, std::string_view what) {
    const std::optional<std::uint64_t> length = expect(major, what);
    if (!length) {
        return {};
    }
    if (*length > limits_.string_bytes) {
        refuse(Errc::too_large, "string is too long");
        return {};
    }
    if (*length > rest_.size()) {
        refuse(Errc::malformed, "the bytes end within a string");
        return {};
    }
    const ByteView out = rest_.first(static_cast<std::size_t>(*length));
    if (major == kText && !is_utf8(out)) {
        refuse(Errc::malformed, "text is not UTF-8");
        return {};
    }
    rest_ = rest_.subspan(out.size());
    return out;
}

ByteView Reader::bytes() { return string(kBytes, "expected a byte string"); }

ByteView Reader::bytes_of(std::size_t exact_size) {
    const ByteView out = bytes();
    if (failed() || out.size() == exact_size) {
        return out;
    }
    refuse(Errc::malformed, "expected " + std::to_string(exact_size) + " bytes");
    return {};
}

Digest Reader::digest() { return Digest{byte_array<Digest::kSize>()}; }

std::string_view Reader::text() { return as_text(string(kText, "expected a text string")); }

std::string_view Reader::text_at_most(std::size_t maximum_bytes) {
    const std::string_view out = text();
    if (out.size() <= maximum_bytes) {
        return out;
    }
    refuse(Errc::too_large, "longer than " + std::to_string(maximum_bytes) + " bytes");
    return {};
}

bool Reader::boolean() {
    if (error_) {
        return false;
    }
    const std::uint8_t first = rest_.empty() ? 0 : rest_.front();
    if (first != (kSimple << 5U | kFalse) && first != (kSimple << 5U | kTrue)) {
        refuse(Errc::malformed, "expected true or false");
        return false;
    }
    rest_ = rest_.subspan(1);
    return first == (kSimple << 5U | kTrue);
}

bool Reader::take_null() {
    if (at_end() || rest_.front() != (kSimple << 5U | kNull)) {
        return false;
    }
    rest_ = rest_.subspan(1);
    return true;
}

void Reader::null() {
    if (!take_null()) {
        refuse(Errc::malformed, "expected null");
    }
}

std::uint64_t Reader::open(std::uint8_t major, std::string_view what) {
    const std::optional<std::uint64_t> count = expect(major, what);
    if (!count) {
        return 0;
    }
    if (*count > limits_.items) {
        refuse(Errc::too_large, "too many elements");
        return 0;
    }
    const std::size_t least_bytes_each = major == kMap ? 2 : 1;
    if (*count > rest_.size() / least_bytes_each) {
        refuse(Errc::malformed, "the bytes end within an array or map");
        return 0;
    }
    return enter() ? *count : 0;
}

std::uint64_t Reader::array() { return open(kArray, "expected an array"); }

void Reader::array_of(std::uint64_t exact_count) {
    if (array() != exact_count) {
        refuse(Errc::malformed, "expected " + std::to_string(exact_count) + " elements");
    }
}

std::uint64_t Reader::map() { return open(kMap, "expected a map"); }

std::uint64_t Reader::map_key(std::optional<std::uint64_t> previous) {
    const std::uint64_t key = uint();
    if (failed() || !previous || key > *previous) {
        return key;
    }
    if (key == *previous) {
        refuse(Errc::malformed, "map key repeats");
    } else {
        refuse(Errc::not_deterministic, "map keys are not in order");
    }
    return 0;
}

std::uint64_t Reader::tag() { return expect(kTag, "expected a tag").value_or(0); }

void Reader::tag_of(std::uint64_t exact_number) {
    if (tag() != exact_number) {
        refuse(Errc::malformed, "expected tag " + std::to_string(exact_number));
    }
}

ByteView Reader::raw_item() {
    const ByteView before = rest_;
    skip_item(depth_);
    return failed() ? ByteView{} : before.first(before.size() - rest_.size());
}

void Reader::skip_item(std::size_t depth) {
    switch (peek()) {
        case Kind::bytes:
            bytes();
            return;
        case Kind::text:
            text();
            return;
        case Kind::array:
        case Kind::map:
            skip_elements(depth);
            return;
        case Kind::tag:
            skip_tagged(depth);
            return;
        case Kind::simple: {
            const std::optional<Head> head = read_head();
            if (!head) {
                return;
            }
            if (const SimpleFault fault = simple_fault(head->info, head->argument); !fault.detail.empty()) {
                refuse(fault.code, fault.detail);
            }
            return;
        }
        default:
            read_head();
            return;
    }
}

void Reader::skip_elements(std::size_t depth) {
    const bool is_map = peek() == Kind::map;
    const std::size_t outer_depth = std::exchange(depth_, depth);
    const std::uint64_t count = is_map ? map() : array();
    depth_ = outer_depth;
    ByteView previous_key;
    for (std::uint64_t i = 0; i < count && !failed(); ++i) {
        if (is_map) {
            const ByteView before = rest_;
            skip_item(depth + 1);
            const ByteView key = before.first(before.size() - rest_.size());
            if (!failed() && i > 0 && !std::ranges::lexicographical_compare(previous_key, key)) {
                if (equal(previous_key, key)) {
                    refuse(Errc::malformed, "map key repeats");
                } else {
                    refuse(Errc::not_deterministic, "map keys are not in order");
                }
            }
            previous_key = key;
        }
        skip_item(depth + 1);
    }
}

void Reader::skip_tagged(std::size_t depth) {
    if (depth >= limits_.depth) {
        refuse(Errc::too_deep, "nested too deeply");
        return;
    }
    const std::uint64_t number = tag();
    // RFC 8949 section 3.4.3: a bignum has no leading zeros, and a number that fits a plain integer is one.
    const bool is_bignum = number == 2 || number == 3;
    if (is_bignum && !failed()) {
        const ByteView magnitude = bytes();
        if (!failed() && (magnitude.size() <= 8 || magnitude.front() == 0)) {
            refuse(Errc::not_deterministic, "bignum is not in its preferred form");
        }
        return;
    }
    if (!failed()) {
        skip_item(depth + 1);
    }
}

Result<void> Reader::status() const {
    if (error_) {
        return fail(*error_);
    }
    return {};
}

Result<void> Reader::finish() const {
    if (error_) {
        return fail(*error_);
    }
    if (!rest_.empty()) {
        return fail(Errc::malformed, {}, std::to_string(rest_.size()) + " bytes follow the end");
    }
    return {};
}

Result<void> check_deterministic(ByteView bytes, Limits limits) {
    Reader reader{bytes, limits};
    reader.raw_item();
    return reader.finish();
}

}  // namespace probatum::cbor
