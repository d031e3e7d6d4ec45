#include "base/key_file.h"

#include <cryptopp/aes.h>
#include <cryptopp/gcm.h>
#include <cryptopp/scrypt.h>

#include "base/cbor.h"
#include "base/check.h"
#include "base/text_encoding.h"

namespace probatum::key_file {

namespace {

constexpr std::uint64_t kFormatVersion = 1;
constexpr std::uint64_t kKdfScrypt = 1;      ///< Registry of docs/spec/encoding.md.
constexpr std::uint64_t kCipherA256Gcm = 3;  ///< COSE's number (RFC 9053 section 4.1).
constexpr std::uint64_t kFields = 7;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kSealedSize = SecretKey::kSize + kTagSize;
constexpr std::size_t kMaxLabelBytes = 128;

constexpr std::uint8_t kMaxLog2N = 20;
constexpr std::uint8_t kMaxR = 16;
constexpr std::uint8_t kMaxP = 4;
constexpr std::uint64_t kMaxMemoryBytes = std::uint64_t{1} << 30U;

constexpr std::uint64_t memory_bytes(Cost cost) { return std::uint64_t{128} * cost.r << cost.log2_n; }

constexpr bool bounded(Cost cost) {
    return cost.log2_n >= 1 && cost.log2_n <= kMaxLog2N && cost.r >= 1 && cost.r <= kMaxR && cost.p >= 1 &&
           cost.p <= kMaxP && memory_bytes(cost) <= kMaxMemoryBytes;
}

bool usable(std::string_view label_text) {
    return label_text.size() <= kMaxLabelBytes && is_utf8(as_bytes(label_text));
}

/// All but the sealed key: what is encoded in the fields 1..6 is authenticated with it.
struct Header {
    Label label;
    ByteArray<PublicKey::kSize> public_key{};
    Cost cost;
    Randomness randomness{};
};

struct File {
    Header header;
    ByteArray<kSealedSize> sealed{};
};

void encode_header_fields(cbor::Writer& writer, const Header& header) {
    writer.uint(1).uint(kFormatVersion);
    writer.uint(2).text(header.label.organisation);
    writer.uint(3).text(header.label.name);
    writer.uint(4).bytes(header.public_key);
    writer.uint(5).array(5).uint(kKdfScrypt).bytes(header.randomness.salt);
    writer.uint(header.cost.log2_n).uint(header.cost.r).uint(header.cost.p);
    writer.uint(6).array(2).uint(kCipherA256Gcm).bytes(header.randomness.nonce);
}

Bytes associated_data(const Header& header) {
    cbor::Writer writer{256};
    writer.map(kFields - 1);
    encode_header_fields(writer, header);
    return writer.take();
}

void expect_key(cbor::Reader& reader, std::string_view field, std::uint64_t key) {
    reader.field(field);
    if (reader.uint() != key) {
        reader.refuse(Errc::malformed, "expected map key " + std::to_string(key));
    }
}

void expect_algorithm(cbor::Reader& reader, std::uint64_t number) {
    if (reader.uint() != number) {
        reader.refuse(Errc::unknown_algorithm, "expected algorithm " + std::to_string(number));
    }
}

Cost read_cost(cbor::Reader& reader) {
    Cost cost;
    cost.log2_n = static_cast<std::uint8_t>(reader.uint_at_most(kMaxLog2N));
    cost.r = static_cast<std::uint8_t>(reader.uint_at_most(kMaxR));
    cost.p = static_cast<std::uint8_t>(reader.uint_at_most(kMaxP));
    if (cost.log2_n == 0 || cost.r == 0 || cost.p == 0) {
        reader.refuse(Errc::malformed, "a cost is zero");
    }
    if (!bounded(cost)) {
        reader.refuse(Errc::too_large, "scrypt would need more than 1 GiB");
    }
    return cost;
}

Result<File> decode(ByteView bytes) {
    cbor::Reader reader{bytes};
    File file;
    Header& header = file.header;
    if (reader.field("key_file").map() != kFields) {
        reader.refuse(Errc::malformed, "expected seven fields");
    }
    expect_key(reader, "version", 1);
    if (reader.uint() != kFormatVersion) {
        reader.refuse(Errc::malformed, "expected format version 1");
    }
    expect_key(reader, "organisation", 2);
    header.label.organisation = reader.text_at_most(kMaxLabelBytes);
    expect_key(reader, "name", 3);
    header.label.name = reader.text_at_most(kMaxLabelBytes);
    expect_key(reader, "public_key", 4);
    header.public_key = reader.byte_array<PublicKey::kSize>();
    expect_key(reader, "kdf", 5);
    reader.array_of(5);
    expect_algorithm(reader, kKdfScrypt);
    header.randomness.salt = reader.byte_array<16>();
    header.cost = read_cost(reader);
    reader.leave();
    expect_key(reader, "cipher", 6);
    reader.array_of(2);
    expect_algorithm(reader, kCipherA256Gcm);
    header.randomness.nonce = reader.byte_array<12>();
    reader.leave();
    expect_key(reader, "sealed", 7);
    file.sealed = reader.byte_array<kSealedSize>();
    PROBATUM_TRY(reader.finish());
    return file;
}

/// A derived key or an opened scalar; wiped however the function is left.
struct Secret {
    Secret() = default;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(bytes); }
    ByteArray<32> bytes{};
};
static_assert(SecretKey::kSize == 32);

void derive(Secret& out, std::string_view passphrase, const Header& header) {
    const ByteView secret = as_bytes(passphrase);
    const auto& salt = header.randomness.salt;
    CryptoPP::Scrypt{}.DeriveKey(out.bytes.data(), out.bytes.size(), secret.data(), secret.size(), salt.data(),
                                 salt.size(), CryptoPP::word64{1} << header.cost.log2_n, header.cost.r, header.cost.p);
}

}  // namespace

Bytes seal(const SecretKey& key, const Label& label, std::string_view passphrase, const Randomness& randomness,
           Cost cost) {
    PROBATUM_CHECK(bounded(cost), "the cost of a new key file lies within what open() accepts");
    PROBATUM_CHECK(usable(label.organisation) && usable(label.name),
                   "the label of a new key file is one that open() accepts");
    const Header header{label, key.public_key().bytes(), cost, randomness};
    Secret derived;
    derive(derived, passphrase, header);

    const Bytes authenticated = associated_data(header);
    ByteArray<kSealedSize> sealed{};
    CryptoPP::GCM<CryptoPP::AES>::Encryption cipher;
    cipher.SetKeyWithIV(derived.bytes.data(), derived.bytes.size(), randomness.nonce.data(), randomness.nonce.size());
    cipher.EncryptAndAuthenticate(sealed.data(), sealed.data() + SecretKey::kSize, kTagSize, randomness.nonce.data(),
                                  static_cast<int>(randomness.nonce.size()), authenticated.data(), authenticated.size(),
                                  key.scalar().data(), key.scalar().size());

    cbor::Writer writer{authenticated.size() + kSealedSize + 8};
    writer.map(kFields);
    encode_header_fields(writer, header);
    writer.uint(7).bytes(sealed);
    return writer.take();
}

Result<Opened> open(ByteView file_bytes, std::string_view passphrase) {
    PROBATUM_LET(file, decode(file_bytes));
    const Header& header = file.header;
    Secret derived;
    derive(derived, passphrase, header);

    const Bytes authenticated = associated_data(header);
    const auto& nonce = header.randomness.nonce;
    Secret scalar;
    CryptoPP::GCM<CryptoPP::AES>::Decryption cipher;
    cipher.SetKeyWithIV(derived.bytes.data(), derived.bytes.size(), nonce.data(), nonce.size());
    const bool authentic = cipher.DecryptAndVerify(scalar.bytes.data(), file.sealed.data() + SecretKey::kSize, kTagSize,
                                                   nonce.data(), static_cast<int>(nonce.size()), authenticated.data(),
                                                   authenticated.size(), file.sealed.data(), SecretKey::kSize);
    if (!authentic) {
        return fail(Errc::wrong_passphrase);
    }

    PROBATUM_LET(key, SecretKey::from_bytes(scalar.bytes));
    if (key.public_key().bytes() != header.public_key) {
        return fail(Errc::malformed, "public_key", "not the public key of the sealed key");
    }
    return Opened{std::move(key), header.label};
}

Result<Description> describe(ByteView file_bytes) {
    PROBATUM_LET(file, decode(file_bytes));
    PROBATUM_LET(public_key, PublicKey::from_bytes(file.header.public_key));
    return Description{file.header.label, public_key, file.header.cost};
}

}  // namespace probatum::key_file
