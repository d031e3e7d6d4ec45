// Any bytes are answered; what is accepted has one encoding, which the writer gives back.

#include "base/cbor.h"
#include "base/check.h"
#include "cbor_copy.h"

namespace {

using namespace probatum;

void check_round_trip(ByteView input) {
    cbor::Reader reader{input};
    cbor::Writer writer;
    test::copy_cbor_item(reader, writer);
    PROBATUM_CHECK(reader.finish().has_value(), "what is deterministic can be read");
    PROBATUM_CHECK(equal(writer.view(), input), "one encoding per value");
    PROBATUM_CHECK(cbor::diagnose(input).has_value(), "what is deterministic can be shown");
}

/// Typed reads in an order that the input itself chooses; every error must stick.
void check_total(ByteView input) {
    cbor::Reader reader{input};
    for (const std::uint8_t choice : input) {
        const bool had_failed = reader.failed();
        const std::size_t before = reader.offset();
        switch (choice % 13) {
            case 0:
                reader.uint();
                break;
            case 1:
                reader.integer();
                break;
            case 2:
                reader.bytes();
                break;
            case 3:
                reader.text();
                break;
            case 4:
                reader.array();
                break;
            case 5:
                reader.map();
                break;
            case 6:
                reader.tag();
                break;
            case 7:
                reader.boolean();
                break;
            case 8:
                reader.take_null();
                break;
            case 9:
                reader.raw_item();
                break;
            case 10:
                reader.map_key(choice);
                break;
            case 11:
                reader.digest();
                break;
            default:
                reader.leave();
                break;
        }
        PROBATUM_CHECK(reader.offset() >= before, "a reader never goes back");
        PROBATUM_CHECK(!had_failed || (reader.failed() && reader.offset() == before), "an error sticks");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    if (cbor::check_deterministic(input)) {
        check_round_trip(input);
    }
    check_total(input);
    return 0;
}
