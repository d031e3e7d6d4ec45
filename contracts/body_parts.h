#pragma once

#include "contracts/action_bodies.h"
#include "contracts/codec.h"

/// What the readers and writers of bodies share.
namespace probatum::contracts::bodies {

[[nodiscard]] inline Bytes encoded_integer(std::int64_t value) {
    cbor::Writer out{9};
    out.integer(value);
    return out.take();
}

[[nodiscard]] inline Bytes encoded_text(std::string_view text) {
    cbor::Writer out{text.size() + 3};
    out.text(text);
    return out.take();
}

/// Opens one sealed field and reads its value whole with `read`.
template <class Value, class Read>
void open_into(Reading from, std::string_view name, Value& out, Read read) {
    const ByteView value = from.unsealer.open(from.in, name);
    if (value.empty()) {
        return;
    }
    cbor::Reader in{value};
    out = read(in.field(name));
    if (const Result<void> whole = in.finish(); !whole) {
        from.in.refuse(whole.error());
    }
}

inline void open_amount(Reading from, std::string_view name, MinorAmount& out) {
    open_into(from, name, out, [](cbor::Reader& in) { return in.integer(); });
}

/// Reads a body: `field(key)` reads the value of a key that the body has, and is false for any other.
template <class Field>
void read_fields(Reading from, std::initializer_list<unsigned> required, Field field) {
    codec::MapReader map{from.in};
    while (map.next()) {
        if (map.key() == kSideKey) {
            from.side = from.unsealer.read_side(from.in);
        } else if (!field(map.key())) {
            map.unknown();
        }
    }
    map.require(required);
}

/// Keys 1 to 5 of every payment.
void write_payment_fields(Writing to, const Payment& payment);
/// False where the key is none of them.
[[nodiscard]] bool read_payment_field(Reading from, std::uint64_t key, Payment& payment);
[[nodiscard]] Payment no_payment();  ///< Where one is yet to be read.

}  // namespace probatum::contracts::bodies
