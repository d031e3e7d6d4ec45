#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

/// CBOR in core deterministic encoding (RFC 8949 section 4.2.1) and nothing else: one encoding per value. The reader
/// refuses every other encoding. Map keys come in bytewise order of their encodings.
namespace probatum::cbor {

/// Appends items to a byte string. The writer keeps lengths and widths shortest; the caller keeps the counts, the order
/// of map keys and UTF-8, which the strict reader and the round-trip tests guard.
class Writer {
public:
    Writer() = default;
    explicit Writer(std::size_t reserve_bytes) { out_.reserve(reserve_bytes); }

    Writer& uint(std::uint64_t value) { return head(0, value); }
    Writer& integer(std::int64_t value);
    Writer& bytes(ByteView value);
    Writer& digest(const Digest& value) { return bytes(value.view()); }
    Writer& text(std::string_view value);
    Writer& array(std::uint64_t count) { return head(4, count); }
    Writer& map(std::uint64_t count) { return head(5, count); }
    Writer& tag(std::uint64_t number) { return head(6, number); }
    Writer& boolean(bool value);
    Writer& null();
    /// An item that is already encoded deterministically.
    Writer& raw(ByteView encoded_item);

    [[nodiscard]] const Bytes& view() const { return out_; }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] Bytes take() { return std::move(out_); }

private:
    Writer& head(std::uint8_t major, std::uint64_t argument);
    Bytes out_;
};

struct Limits {
    std::size_t depth = 16;                ///< Nested arrays, maps and tags.
    std::size_t items = 1U << 20U;         ///< Elements of one array, pairs of one map.
    std::size_t string_bytes = 1U << 26U;  ///< One byte or text string.
};

enum class Kind : std::uint8_t { unsigned_integer, negative_integer, bytes, text, array, map, tag, simple, end };

/// Pulls typed items from bytes it does not own; strings come back as views into them. Total and bounded: any bytes
/// are answered with a value or an error, and a count is never trusted beyond the bytes that are left.
///
/// Errors stick: after the first, every call returns a zero value and changes nothing, so that a decoder reads
/// straight through and asks once, with finish(). Loops over counts end early because array() then returns 0.
class Reader {
public:
    explicit Reader(ByteView bytes, Limits limits = {}) : rest_{bytes}, size_{bytes.size()}, limits_{limits} {}

    /// Names what is read next; the name goes into the error. The text must outlive the reader.
    Reader& field(std::string_view name) {
        if (!error_) {
            field_ = name;
        }
        return *this;
    }

    [[nodiscard]] Kind peek() const;  ///< `end` at the end or after an error.
    [[nodiscard]] bool at_end() const { return rest_.empty() || error_.has_value(); }

    std::uint64_t uint();
    std::uint64_t uint_at_most(std::uint64_t maximum);  ///< too_large above the maximum.
    std::int64_t integer();
    ByteView bytes();
    ByteView bytes_of(std::size_t exact_size);
    Digest digest();
    template <std::size_t N>
    ByteArray<N> byte_array() {
        ByteArray<N> out{};
        if (const ByteView got = bytes_of(N); got.size() == N) {
            std::ranges::copy(got, out.begin());
        }
        return out;
    }
    std::string_view text();  ///< Well-formed UTF-8 or an error.
    std::string_view text_at_most(std::size_t maximum_bytes);
    bool boolean();
    void null();
    /// If the next item is null, takes it and returns true.
    bool take_null();

    /// Opens an array or map and returns its count. Elements are then read in sequence; depth is counted by
    /// leave(), which a decoder of fixed shape calls after the last element.
    std::uint64_t array();
    void array_of(std::uint64_t exact_count);
    std::uint64_t map();
    void leave() {
        if (depth_ > 0) {
            --depth_;
        }
    }
    /// Reads an unsigned integer key of the map that is open and demands that keys ascend strictly.
    /// Pass the previous key, or nothing for the first.
    std::uint64_t map_key(std::optional<std::uint64_t> previous);
    std::uint64_t tag();
    void tag_of(std::uint64_t exact_number);

    /// The encoded bytes of the next item whole, checked to be deterministic.
    ByteView raw_item();

    /// Marks what was just read as wrong; the first error stays.
    void refuse(Errc code, std::string_view detail);
    void refuse(Error error);

    [[nodiscard]] bool failed() const { return error_.has_value(); }
    [[nodiscard]] std::size_t offset() const { return size_ - rest_.size(); }
    [[nodiscard]] ByteView rest() const { return rest_; }

    /// Success if nothing failed and nothing is left.
    [[nodiscard]] Result<void> finish() const;
    /// Success if nothing failed; more bytes may follow.
    [[nodiscard]] Result<void> status() const;

private:
    struct Head {
        std::uint8_t major;
        std::uint8_t info;
        std::uint64_t argument;
    };
    std::optional<Head> read_head();
    std::optional<std::uint64_t> expect(std::uint8_t major, std::string_view what);
    ByteView string(std::uint8_t major, std::string_view what);
    std::uint64_t open(std::uint8_t major, std::string_view what);
    bool enter();
    void skip_item(std::size_t depth);
    void skip_elements(std::size_t depth);
    void skip_tagged(std::size_t depth);

    ByteView rest_;
    std::size_t size_;
    Limits limits_;
    std::size_t depth_{0};
    std::string_view field_{};
    std::optional<Error> error_{};
};

/// Checks that the bytes are exactly one deterministically encoded item of any kind, floats and tags included.
[[nodiscard]] Result<void> check_deterministic(ByteView bytes, Limits limits = {});

/// Diagnostic notation (RFC 8949 section 8) of one deterministically encoded item; for people, never parsed.
[[nodiscard]] Result<std::string> diagnose(ByteView bytes, Limits limits = {});

}  // namespace probatum::cbor
