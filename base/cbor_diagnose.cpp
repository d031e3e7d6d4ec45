#include <string>

#include "base/cbor.h"
#include "base/cbor_float.h"
#include "base/text_encoding.h"

namespace probatum::cbor {

namespace {

/// Renders items that check_deterministic() has accepted, so it reads heads without doubting them.
class Renderer {
public:
    explicit Renderer(ByteView checked) : rest_{checked} {}

    std::string take() {
        item();
        return std::move(out_);
    }

private:
    void item() {
        const auto major = static_cast<Kind>(rest_.front() >> 5U);
        const auto info = static_cast<std::uint8_t>(rest_.front() & 0x1FU);
        const std::uint64_t argument = head(info);
        switch (major) {
            case Kind::unsigned_integer:
                out_ += std::to_string(argument);
                return;
            case Kind::negative_integer:
                negative(argument);
                return;
            case Kind::bytes:
                out_ += "h'" + to_hex(string(argument)) + "'";
                return;
            case Kind::text:
                text(as_text(string(argument)));
                return;
            case Kind::array:
                elements(argument, '[', ']', false);
                return;
            case Kind::map:
                elements(argument, '{', '}', true);
                return;
            case Kind::tag:
                out_ += std::to_string(argument) + "(";
                item();
                out_ += ")";
                return;
            default:
                simple(info, argument);
                return;
        }
    }

    std::uint64_t head(std::uint8_t info) {
        const std::size_t width = info < 24 ? 0 : std::size_t{1} << (info - 24U);
        std::uint64_t argument = width == 0 ? info : 0;
        for (const std::uint8_t byte : rest_.subspan(1, width)) {
            argument = argument << 8U | byte;
        }
        rest_ = rest_.subspan(1 + width);
        return argument;
    }

    ByteView string(std::uint64_t length) {
        const ByteView out = rest_.first(static_cast<std::size_t>(length));
        rest_ = rest_.subspan(out.size());
        return out;
    }

    void negative(std::uint64_t argument) {
        // -1 - (2^64 - 1) has no 64-bit magnitude.
        out_ += argument == ~std::uint64_t{0} ? "-18446744073709551616" : "-" + std::to_string(argument + 1);
    }

    void text(std::string_view value) {
        out_ += '"';
        for (const char c : value) {
            const auto byte = static_cast<std::uint8_t>(c);
            if (c == '"' || c == '\\') {
                out_ += '\\';
                out_ += c;
            } else if (c == '\n') {
                out_ += "\\n";
            } else if (byte < 0x20 || byte == 0x7F) {
                out_ += "\\u00" + to_hex(ByteView{&byte, 1});
            } else {
                out_ += c;
            }
        }
        out_ += '"';
    }

    void elements(std::uint64_t count, char open, char close, bool pairs) {
        out_ += open;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (i > 0) {
                out_ += ", ";
            }
            item();
            if (pairs) {
                out_ += ": ";
                item();
            }
        }
        out_ += close;
    }

    void simple(std::uint8_t info, std::uint64_t argument) {
        switch (info) {
            case 20:
                out_ += "false";
                return;
            case 21:
                out_ += "true";
                return;
            case 22:
                out_ += "null";
                return;
            case 23:
                out_ += "undefined";
                return;
            case 25:
                floating(ieee754::widen_to_double(argument, ieee754::kHalf));
                return;
            case 26:
                floating(ieee754::widen_to_double(argument, ieee754::kSingle));
                return;
            case 27:
                floating(argument);
                return;
            default:
                out_ += "simple(" + std::to_string(argument) + ")";
                return;
        }
    }

    /// Hexadecimal, 0x1.8p+0 for 1.5: exact, and made of integers alone.
    void floating(std::uint64_t bits) {
        constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52U) - 1;
        const auto exponent_field = static_cast<int>(bits >> 52U & 0x7FFU);
        const std::uint64_t fraction = bits & kFraction;
        if (exponent_field == 0x7FF && fraction != 0) {
            out_ += "NaN";
            return;
        }
        out_ += bits >> 63U != 0 ? "-" : "";
        if (exponent_field == 0x7FF) {
            out_ += "Infinity";
            return;
        }
        const bool subnormal = exponent_field == 0;
        const int exponent = fraction == 0 && subnormal ? 0 : subnormal ? -1022 : exponent_field - 1023;
        out_ += subnormal ? "0x0" : "0x1";
        if (fraction != 0) {
            std::string digits;
            for (int shift = 48; shift >= 0; shift -= 4) {
                digits += "0123456789abcdef"[fraction >> static_cast<unsigned>(shift) & 0xFU];
            }
            out_ += "." + digits.substr(0, digits.find_last_not_of('0') + 1);
        }
        out_ += (exponent < 0 ? "p" : "p+") + std::to_string(exponent);
    }

    ByteView rest_;
    std::string out_;
};

}  // namespace

Result<std::string> diagnose(ByteView bytes, Limits limits) {
    PROBATUM_TRY(check_deterministic(bytes, limits));
    return Renderer{bytes}.take();
}

}  // namespace probatum::cbor
