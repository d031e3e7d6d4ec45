#include "contracts/marks.h"

#include "contracts/codec.h"

namespace probatum::contracts::codec {

void write_mark(cbor::Writer& out, const Mark& mark) {
    out.array(3).text(mark.organisation).text(mark.member).uint(mark.sequence);
}

Mark read_mark(cbor::Reader& in, std::string_view field) {
    Mark out;
    in.array_of(3);
    out.organisation = read_text(in, {field, kMaxNumberBytes});
    out.member = read_text(in, {field, kMaxNumberBytes});
    out.sequence = in.uint();
    in.leave();
    return out;
}

void write_optional_mark(cbor::Writer& out, const std::optional<Mark>& mark) {
    if (mark) {
        write_mark(out, *mark);
    } else {
        out.null();
    }
}

std::optional<Mark> read_optional_mark(cbor::Reader& in, std::string_view field) {
    if (in.field(field).take_null()) {
        return std::nullopt;
    }
    return read_mark(in, field);
}

}  // namespace probatum::contracts::codec
