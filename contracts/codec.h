#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/cbor.h"
#include "contracts/terms.h"
#include "ledger/validator_set.h"

/// The small shapes that bodies and state values share. Formats: docs/formats.cddl.
namespace probatum::contracts::codec {

/// RFC 8943: days since 1970-01-01 under tag 100.
void write_date(cbor::Writer& out, CivilDate date);
[[nodiscard]] CivilDate read_date(cbor::Reader& in);

/// 1..maximum bytes of UTF-8 without control characters.
struct TextLimit {
    std::string_view field;
    std::size_t maximum_bytes;
};
[[nodiscard]] std::string read_text(cbor::Reader& in, TextLimit limit);

/// How a bank and its reference may be written: one way only, because the same slip under another spelling would be
/// another claim (I6). The bank: an organisation id, or a BIC or CNAPS number, in lower case: a-z 0-9 . -
/// The reference: A-Z 0-9 . / - . Anything else is malformed.
[[nodiscard]] std::string read_bank(cbor::Reader& in);
[[nodiscard]] std::string read_bank_reference(cbor::Reader& in);

void write_digests(cbor::Writer& out, const DocumentDigests& digests);
[[nodiscard]] DocumentDigests read_digests(cbor::Reader& in);

void write_optional(cbor::Writer& out, const std::optional<Digest>& digest);  ///< null where there is none.
[[nodiscard]] std::optional<Digest> read_optional_digest(cbor::Reader& in);

/// Empty after an error, which sticks in the reader.
[[nodiscard]] std::optional<PublicKey> read_public_key(cbor::Reader& in, std::string_view field);
/// [organisation, key]; the field named in an error is that of its part.
[[nodiscard]] std::optional<ledger::Validator> read_validator(cbor::Reader& in);

/// Organisations, ascending, at most 64.
[[nodiscard]] std::vector<std::string> read_lenders(cbor::Reader& in);

[[nodiscard]] Currency read_currency(cbor::Reader& in);
/// Stands where a currency is yet to be read.
[[nodiscard]] Currency placeholder_currency();

/// A number, a digest or a text that stands alone in the state; zero or nothing where no value is.
[[nodiscard]] Bytes encode_uint(std::uint64_t number);
[[nodiscard]] Bytes encode_digest(const Digest& digest);
[[nodiscard]] Bytes encode_text(std::string_view text);
[[nodiscard]] std::uint64_t held_uint(const std::optional<Bytes>& value);
[[nodiscard]] std::optional<Digest> held_digest(const std::optional<Bytes>& value);
[[nodiscard]] std::optional<std::string> held_text(const std::optional<Bytes>& value);

/// 1..64 of A-Z a-z 0-9 . - : the name of a calendar, an index or a template.
[[nodiscard]] std::string read_code(cbor::Reader& in, std::string_view field);

/// An array of at most `maximum` items; refuses longer ones before anything is reserved.
[[nodiscard]] std::size_t read_count(cbor::Reader& in, std::string_view field, std::size_t maximum);

/// A number of a small enumeration 1..maximum.
template <class Enum>
[[nodiscard]] Enum read_enum(cbor::Reader& in, std::string_view field, Enum maximum) {
    const std::uint64_t number = in.field(field).uint_at_most(static_cast<std::uint64_t>(maximum));
    if (number == 0) {
        in.refuse(Errc::malformed, "numbers begin at one");
        return maximum;
    }
    return static_cast<Enum>(number);
}

/// Walks a map whose keys are small unsigned integers in ascending order.
///     MapReader map{in};
///     while (map.next()) { switch (map.key()) { case 1: ...; break; default: map.unknown(); } }
///     map.require({1, 2});
class MapReader {
public:
    explicit MapReader(cbor::Reader& in) : in_{in}, left_{in.map()} {}
    [[nodiscard]] bool next();
    [[nodiscard]] std::uint64_t key() const { return *key_; }
    void unknown() { in_.refuse(Errc::malformed, "a key that the format does not have"); }
    /// Ends the map; malformed where one of these keys did not come.
    void require(std::initializer_list<unsigned> keys);

private:
    cbor::Reader& in_;
    std::uint64_t left_;
    std::uint64_t seen_{0};
    std::optional<std::uint64_t> key_{};
};

}  // namespace probatum::contracts::codec
