#include "contracts/codec.h"

namespace probatum::contracts::codec {
namespace {

constexpr std::uint64_t kTagDays = 100;  // RFC 8943

bool ascending_in_registry(DigestAlgorithm before, DigestAlgorithm after) {
    // The registry counts downwards: SHA-256 is -16, SM3 is -70016.
    return static_cast<std::int64_t>(before) > static_cast<std::int64_t>(after);
}

}  // namespace

void write_date(cbor::Writer& out, CivilDate date) { out.tag(kTagDays).integer(date.days()); }

CivilDate read_date(cbor::Reader& in) {
    in.tag_of(kTagDays);
    const std::int64_t days = in.integer();
    in.leave();
    // Within the years 1900 to 2400 that the calendar covers.
    constexpr std::int64_t kFirst = -25'567;
    constexpr std::int64_t kLast = 157'419;
    if (days < kFirst || days > kLast) {
        in.refuse(Errc::malformed, "a day outside the years 1900 to 2400");
        return {};
    }
    return CivilDate{static_cast<std::int32_t>(days)};
}

std::string read_text(cbor::Reader& in, TextLimit limit) {
    const std::string_view text = in.field(limit.field).text_at_most(limit.maximum_bytes);
    if (in.failed()) {
        return {};
    }
    if (text.empty()) {
        in.refuse(Errc::malformed, "must not be empty");
        return {};
    }
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            in.refuse(Errc::malformed, "control character");
            return {};
        }
    }
    return std::string{text};
}

namespace {

template <class Allowed>
std::string read_spelled(cbor::Reader& in, std::string_view field, Allowed allowed, const char* spelling) {
    std::string text = read_text(in, {field, kMaxNumberBytes});
    if (!in.failed() && !std::ranges::all_of(text, allowed)) {
        in.refuse(Errc::malformed, spelling);
    }
    return text;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string read_bank(cbor::Reader& in) {
    return read_spelled(
        in, "bank", [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-'; },
        "only a-z 0-9 . -");
}

std::string read_bank_reference(cbor::Reader& in) {
    return read_spelled(
        in, "bank_reference",
        [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '/' || c == '-'; },
        "only A-Z 0-9 . / -");
}

void write_digests(cbor::Writer& out, const DocumentDigests& digests) {
    out.array(digests.size());
    for (const DocumentDigest& digest : digests) {
        out.array(2).integer(static_cast<std::int64_t>(digest.algorithm)).digest(digest.value);
    }
}

DocumentDigests read_digests(cbor::Reader& in) {
    const std::size_t count = read_count(in, "digests", kMaxDigestsPerDocument);
    DocumentDigests out;
    out.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        const Result<DigestAlgorithm> algorithm = digest_algorithm(in.integer());
        const Digest value = in.digest();
        in.leave();
        if (in.failed()) {
            break;
        }
        if (!algorithm) {
            in.refuse(algorithm.error());
            break;
        }
        if (!out.empty() && !ascending_in_registry(out.back().algorithm, *algorithm)) {
            in.refuse(Errc::malformed, "algorithms stand once each, in the order of the registry");
            break;
        }
        out.push_back({*algorithm, value});
    }
    in.leave();
    if (count == 0) {
        in.refuse(Errc::malformed, "at least one digest");
    }
    return out;
}

void write_optional(cbor::Writer& out, const std::optional<Digest>& digest) {
    if (digest) {
        out.digest(*digest);
    } else {
        out.null();
    }
}

std::optional<Digest> read_optional_digest(cbor::Reader& in) {
    if (in.take_null()) {
        return std::nullopt;
    }
    return in.digest();
}

std::optional<PublicKey> read_public_key(cbor::Reader& in, std::string_view field) {
    const ByteView bytes = in.field(field).bytes_of(PublicKey::kSize);
    if (in.failed()) {
        return std::nullopt;
    }
    Result<PublicKey> key = PublicKey::from_bytes(bytes);
    if (!key) {
        in.refuse(key.error());
        return std::nullopt;
    }
    return *key;
}

std::optional<ledger::Validator> read_validator(cbor::Reader& in) {
    in.array_of(2);
    std::string organisation = read_text(in, {"validators.organisation", kMaxNumberBytes});
    const std::optional<PublicKey> key = read_public_key(in, "validators.key");
    in.leave();
    if (!key) {
        return std::nullopt;
    }
    return ledger::Validator{std::move(organisation), *key};
}

Currency placeholder_currency() { return *Currency::from_code("CNY"); }

Currency read_currency(cbor::Reader& in) {
    const Result<Currency> currency = Currency::from_code(in.field("currency").text_at_most(3));
    if (!currency) {
        in.refuse(Errc::malformed, "not an ISO 4217 currency");
        return placeholder_currency();
    }
    return *currency;
}

std::size_t read_count(cbor::Reader& in, std::string_view field, std::size_t maximum) {
    const std::uint64_t count = in.field(field).array();
    if (count > maximum) {
        in.refuse(Errc::too_large, "more items than the format allows");
        return 0;
    }
    return static_cast<std::size_t>(count);
}

bool MapReader::next() {
    if (left_ == 0 || in_.failed()) {
        return false;
    }
    --left_;
    key_ = in_.map_key(key_);
    if (in_.failed()) {
        return false;
    }
    if (*key_ < 64) {
        seen_ |= 1ULL << *key_;
    }
    return true;
}

void MapReader::require(std::initializer_list<unsigned> keys) {
    in_.leave();
    for (const unsigned key : keys) {
        if ((seen_ & (1ULL << key)) == 0) {
            in_.refuse(Errc::malformed, "a required key is missing");
            return;
        }
    }
}

Bytes encode_uint(std::uint64_t number) {
    cbor::Writer out{9};
    out.uint(number);
    return out.take();
}

Bytes encode_digest(const Digest& digest) {
    cbor::Writer out{34};
    out.digest(digest);
    return out.take();
}

Bytes encode_text(std::string_view text) {
    cbor::Writer out{text.size() + 3};
    out.text(text);
    return out.take();
}

std::uint64_t held_uint(const std::optional<Bytes>& value) {
    if (!value) {
        return 0;
    }
    cbor::Reader in{*value};
    return in.uint();
}

std::optional<Digest> held_digest(const std::optional<Bytes>& value) {
    if (!value) {
        return std::nullopt;
    }
    cbor::Reader in{*value};
    return in.digest();
}

std::optional<std::string> held_text(const std::optional<Bytes>& value) {
    if (!value) {
        return std::nullopt;
    }
    cbor::Reader in{*value};
    return std::string{in.text()};
}

std::string read_code(cbor::Reader& in, std::string_view field) {
    return read_spelled(
        in, field,
        [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-'; },
        "A-Z a-z 0-9 . -");
}

}  // namespace probatum::contracts::codec
