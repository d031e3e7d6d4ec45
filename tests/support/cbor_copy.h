#pragma once

#include "base/cbor.h"

namespace probatum::test {

/// Reads one item through the typed calls of the reader and writes it again; what has no typed call is copied whole.
inline void copy_cbor_item(cbor::Reader& reader, cbor::Writer& writer) {
    switch (reader.peek()) {
        case cbor::Kind::unsigned_integer:
            writer.uint(reader.uint());
            return;
        case cbor::Kind::bytes:
            writer.bytes(reader.bytes());
            return;
        case cbor::Kind::text:
            writer.text(reader.text());
            return;
        case cbor::Kind::array: {
            const std::uint64_t count = reader.array();
            writer.array(count);
            for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
                copy_cbor_item(reader, writer);
            }
            reader.leave();
            return;
        }
        case cbor::Kind::map: {
            const std::uint64_t pairs = reader.map();
            writer.map(pairs);
            for (std::uint64_t i = 0; i < 2 * pairs && !reader.failed(); ++i) {
                copy_cbor_item(reader, writer);
            }
            reader.leave();
            return;
        }
        default:
            writer.raw(reader.raw_item());
            return;
    }
}

}  // namespace probatum::test
