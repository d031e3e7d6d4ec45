// Published CBOR examples, and refusals of our own, against the one deterministic encoding of RFC 8949 section 4.2.1.

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <map>

#include "base/cbor.h"
#include "base/text_encoding.h"
#include "cbor_copy.h"
#include "vectors.h"

namespace probatum::cbor {
namespace {

using test::Json;

Bytes head(unsigned major, unsigned info, std::uint64_t argument, unsigned width) {
    Bytes out{static_cast<std::uint8_t>(major << 5U | info)};
    for (unsigned i = width; i-- > 0;) {
        out.push_back(static_cast<std::uint8_t>(argument >> (8 * i)));
    }
    return out;
}

/// Shortest float by trying: an implementation apart from the one under test, which compares bits.
Bytes shortest_float(double value) {
    const auto single = static_cast<float>(value);
    if (static_cast<double>(single) != value) {
        return head(7, 27, std::bit_cast<std::uint64_t>(value), 8);
    }
    for (std::uint64_t half = 0; half <= 0xFFFF; ++half) {
        const int exponent = static_cast<int>(half >> 10U & 0x1FU);
        const auto fraction = static_cast<double>(half & 0x3FFU);
        if (exponent == 31) {
            continue;
        }
        const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
        const double candidate = (half & 0x8000U) != 0 ? -magnitude : magnitude;
        if (std::bit_cast<std::uint64_t>(candidate) == std::bit_cast<std::uint64_t>(value)) {
            return head(7, 25, half, 2);
        }
    }
    return head(7, 26, std::bit_cast<std::uint32_t>(single), 4);
}

/// The deterministic encoding of a decoded JSON value.
Bytes canonical(const Json& value) {
    Writer writer;
    switch (value.type()) {
        case Json::value_t::number_unsigned:
            return writer.uint(value.get<std::uint64_t>()).take();
        case Json::value_t::number_integer:
            return writer.integer(value.get<std::int64_t>()).take();
        case Json::value_t::number_float:
            return shortest_float(value.get<double>());
        case Json::value_t::string:
            return writer.text(value.get<std::string>()).take();
        case Json::value_t::boolean:
            return writer.boolean(value.get<bool>()).take();
        case Json::value_t::null:
            return writer.null().take();
        case Json::value_t::array:
            writer.array(value.size());
            for (const Json& element : value) {
                writer.raw(canonical(element));
            }
            return writer.take();
        default:
            break;
    }
    std::map<Bytes, Bytes> sorted;  // keys in bytewise order of their encodings
    for (const auto& [key, element] : value.items()) {
        sorted[canonical(key)] = canonical(element);
    }
    writer.map(sorted.size());
    for (const auto& [key, element] : sorted) {
        writer.raw(key).raw(element);
    }
    return writer.take();
}

/// JSON has no integers beyond 64 bits: there, and for what JSON cannot hold, the file's own flag decides, except that
/// RFC 8949 (unlike RFC 7049, which the examples were gathered for) calls two-byte simple values below 32 not
/// well-formed.
bool is_deterministic(const Json& item, const Bytes& encoded) {
    const unsigned major = encoded.front() >> 5U;
    const bool beyond_json =
        major == 6 || (major <= 1 && item.contains("decoded") && item["decoded"].is_number_float());
    if (item.contains("decoded") && !beyond_json) {
        return canonical(item["decoded"]) == encoded;
    }
    const bool two_byte_simple_below_32 = encoded.size() == 2 && encoded[0] == 0xF8 && encoded[1] < 32;
    return item["roundtrip"].get<bool>() && !two_byte_simple_below_32;
}

/// Our notation with hexadecimal floats made decimal, as the published examples have them. Only for notations whose
/// texts hold no "0x".
std::string decimal_floats(const std::string& notation) {
    std::string out;
    const char* at = notation.c_str();
    while (*at != '\0') {
        const std::string_view rest{at};
        if (!rest.starts_with("0x") && !rest.starts_with("-0x")) {
            out += *at++;
            continue;
        }
        char* end = nullptr;
        out += Json(std::strtod(at, &end)).dump();
        at = end;
    }
    return out;
}

void expect_notation(const Json& item, const Bytes& encoded) {
    const std::string notation = decimal_floats(diagnose(encoded).value());
    if (item.contains("diagnostic")) {
        EXPECT_EQ(notation, item["diagnostic"].get<std::string>());
    } else if (encoded.front() >> 5U != 6) {
        EXPECT_EQ(Json::parse(notation), item["decoded"]);
    }
}

void expect_round_trip(const Bytes& encoded) {
    Reader reader{encoded};
    Writer writer;
    test::copy_cbor_item(reader, writer);
    EXPECT_TRUE(reader.finish().has_value());
    EXPECT_EQ(to_hex(writer.view()), to_hex(encoded));
}

TEST(CborVectors, PublishedExamplesAreAcceptedExactlyIfDeterministic) {
    PROBATUM_REQUIRE_VECTORS("cbor");
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (const auto& path : test::published_files("cbor")) {
        for (const Json& item : test::read_json(path)) {
            SCOPED_TRACE(path.filename().string() + " " + item["hex"].get<std::string>());
            const Bytes encoded = from_hex(item["hex"].get<std::string>()).value();
            const Result<void> verdict = check_deterministic(encoded);
            ASSERT_EQ(verdict.has_value(), is_deterministic(item, encoded));
            if (verdict) {
                ++accepted;
                expect_round_trip(encoded);
                expect_notation(item, encoded);
            } else {
                ++refused;
                EXPECT_TRUE(verdict.error().code == Errc::not_deterministic || verdict.error().code == Errc::malformed);
                EXPECT_FALSE(verdict.error().detail.empty());
            }
        }
    }
    EXPECT_GT(accepted, 0U);
    EXPECT_GT(refused, 0U);
    RecordProperty("accepted", static_cast<int>(accepted));
    RecordProperty("refused", static_cast<int>(refused));
}

TEST(CborVectors, OurOwnCasesHaveTheirVerdicts) {
    const Json cases = test::read_json(test::golden_vector("cbor.json"));
    ASSERT_GT(cases["cases"].size(), 0U);
    for (const Json& item : cases["cases"]) {
        SCOPED_TRACE(item["what"].get<std::string>());
        const Bytes encoded = from_hex(item["hex"].get<std::string>()).value();
        const Result<void> verdict = check_deterministic(encoded);
        EXPECT_EQ(verdict ? "deterministic" : info(verdict.error().code).name, item["verdict"].get<std::string>());
        if (verdict) {
            expect_round_trip(encoded);
            EXPECT_EQ(diagnose(encoded).value(), item["diagnostic"].get<std::string>());
        }
    }
}

}  // namespace
}  // namespace probatum::cbor
