#include "base/text_encoding.h"

namespace probatum {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::uint8_t hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<std::uint8_t>(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return static_cast<std::uint8_t>(c - 'a' + 10);
    }
    if (c >= 'A' && c <= 'F') {
        return static_cast<std::uint8_t>(c - 'A' + 10);
    }
    return kNoDigit;
}

constexpr auto kBase64UrlValues = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(kNoDigit);
    for (std::size_t i = 0; i < kBase64Url.size(); ++i) {
        table[static_cast<unsigned char>(kBase64Url[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}();

bool decode_hex(std::string_view text, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::uint8_t high = hex_value(text[2 * i]);
        const std::uint8_t low = hex_value(text[2 * i + 1]);
        if (high == kNoDigit || low == kNoDigit) {
            return false;
        }
        out[i] = static_cast<std::uint8_t>(high << 4U | low);
    }
    return true;
}

/// Length of the sequence that a lead byte opens and the range of its second byte (Unicode, table 3-7); 0 if none.
struct Utf8Lead {
    std::size_t length;
    std::uint8_t second_low;
    std::uint8_t second_high;
};

constexpr Utf8Lead utf8_lead(std::uint8_t byte) {
    if (byte < 0x80) {
        return {1, 0, 0};
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return {2, 0x80, 0xBF};
    }
    if (byte == 0xE0) {
        return {3, 0xA0, 0xBF};
    }
    if (byte == 0xED) {
        return {3, 0x80, 0x9F};
    }
    if (byte >= 0xE1 && byte <= 0xEF) {
        return {3, 0x80, 0xBF};
    }
    if (byte == 0xF0) {
        return {4, 0x90, 0xBF};
    }
    if (byte >= 0xF1 && byte <= 0xF3) {
        return {4, 0x80, 0xBF};
    }
    if (byte == 0xF4) {
        return {4, 0x80, 0x8F};
    }
    return {0, 0, 0};
}

}  // namespace

std::string to_hex(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        out += kHexDigits[byte >> 4U];
        out += kHexDigits[byte & 0x0FU];
    }
    return out;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return fail(Errc::malformed, {}, "hexadecimal needs two digits for a byte");
    }
    Bytes out(text.size() / 2);
    if (!decode_hex(text, out)) {
        return fail(Errc::malformed, {}, "not a hexadecimal digit");
    }
    return out;
}

Result<Digest> digest_from_hex(std::string_view text) {
    Digest out;
    if (text.size() != 2 * Digest::kSize || !decode_hex(text, out.bytes)) {
        return fail(Errc::malformed, {}, "a digest is 64 hexadecimal digits");
    }
    return out;
}

std::string to_base64url(ByteView bytes) {
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = (pending << 8U | byte) & 0xFFFFU;
        pending_bits += 8;
        while (pending_bits >= 6) {
            pending_bits -= 6;
            out += kBase64Url[(pending >> pending_bits) & 0x3FU];
        }
    }
    if (pending_bits > 0) {
        out += kBase64Url[(pending << (6U - pending_bits)) & 0x3FU];
    }
    return out;
}

Result<Bytes> from_base64url(std::string_view text) {
    if (text.size() % 4 == 1) {
        return fail(Errc::malformed, {}, "no base64url text has this length");
    }
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (const char c : text) {
        const std::uint8_t value = kBase64UrlValues[static_cast<unsigned char>(c)];
        if (value == kNoDigit) {
            return fail(Errc::malformed, {}, "not a base64url character");
        }
        pending = (pending << 6U | value) & 0xFFFFU;
        pending_bits += 6;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            out.push_back(static_cast<std::uint8_t>(pending >> pending_bits));
        }
    }
    // Otherwise several texts would stand for the same bytes.
    if ((pending & ((1U << pending_bits) - 1U)) != 0) {
        return fail(Errc::malformed, {}, "unused base64url bits are not zero");
    }
    return out;
}

bool is_utf8(ByteView bytes) {
    std::size_t i = 0;
    while (i < bytes.size()) {
        if (bytes[i] < 0x80) {
            ++i;
            continue;
        }
        const Utf8Lead lead = utf8_lead(bytes[i]);
        if (lead.length == 0 || bytes.size() - i < lead.length) {
            return false;
        }
        if (bytes[i + 1] < lead.second_low || bytes[i + 1] > lead.second_high) {
            return false;
        }
        for (std::size_t k = 2; k < lead.length; ++k) {
            if ((bytes[i + k] & 0xC0U) != 0x80) {
                return false;
            }
        }
        i += lead.length;
    }
    return true;
}

}  // namespace probatum
