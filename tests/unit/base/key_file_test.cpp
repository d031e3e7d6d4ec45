#include "base/key_file.h"

#include <cryptopp/scrypt.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "base/cbor.h"
#include "support.h"

namespace probatum::key_file {
namespace {

using test::code_of;
using test::secret;

constexpr Cost kLight{.log2_n = 4, .r = 1, .p = 1};

Randomness fixed_randomness() {
    Randomness out{};
    out.salt.fill(0x5A);
    out.nonce.fill(0xA5);
    return out;
}

Bytes sealed_file() { return seal(secret(9), {"lender", "maker"}, "correct horse", fixed_randomness(), kLight); }

TEST(KeyFile, OpensWithItsPassphraseOnly) {
    const Bytes file = sealed_file();
    const auto opened = open(file, "correct horse");
    ASSERT_TRUE(opened.has_value()) << opened.error().to_string();
    EXPECT_TRUE(equal(opened->key.scalar(), secret(9).scalar()));
    EXPECT_EQ(opened->label.organisation, "lender");
    EXPECT_EQ(opened->label.name, "maker");
    EXPECT_EQ(code_of(open(file, "correct horsf")), Errc::wrong_passphrase);
    EXPECT_EQ(code_of(open(file, "")), Errc::wrong_passphrase);
}

TEST(KeyFile, DescribesItselfWithoutAPassphrase) {
    const auto described = describe(sealed_file());
    ASSERT_TRUE(described.has_value());
    EXPECT_EQ(described->public_key, secret(9).public_key());
    EXPECT_EQ(described->label.name, "maker");
    EXPECT_EQ(described->cost.log2_n, 4);
    EXPECT_EQ(described->cost.r, 1);
}

TEST(KeyFile, EveryChangedByteIsRefused) {
    const Bytes file = sealed_file();
    for (std::size_t i = 0; i < file.size(); ++i) {
        for (const unsigned flip : {0x01U, 0x10U}) {
            Bytes changed = file;
            changed[i] = static_cast<std::uint8_t>(changed[i] ^ flip);
            const auto described = describe(changed);
            if (described && described->cost.log2_n > 10) {
                continue;  // authentic or not, it would only take long
            }
            EXPECT_FALSE(open(changed, "correct horse").has_value()) << "byte " << i;
        }
    }
}

TEST(KeyFile, EveryPrefixIsRefused) {
    const Bytes file = sealed_file();
    for (std::size_t size = 0; size < file.size(); ++size) {
        EXPECT_FALSE(describe(ByteView{file}.first(size)).has_value()) << size;
    }
}

/// A file of any cost that seal() itself would never write.
Bytes file_with_cost(std::uint64_t log2_n, std::uint64_t r, std::uint64_t p, std::uint64_t kdf = 1,
                     std::uint64_t cipher = 3) {
    cbor::Writer writer;
    writer.map(7).uint(1).uint(1).uint(2).text("").uint(3).text("").uint(4).bytes(secret(9).public_key().bytes());
    writer.uint(5).array(5).uint(kdf).bytes(Bytes(16)).uint(log2_n).uint(r).uint(p);
    writer.uint(6).array(2).uint(cipher).bytes(Bytes(12)).uint(7).bytes(Bytes(48));
    return writer.take();
}

TEST(KeyFile, TheCostOfOpeningIsBounded) {
    EXPECT_TRUE(describe(file_with_cost(20, 8, 4)).has_value());
    EXPECT_EQ(code_of(describe(file_with_cost(21, 1, 1))), Errc::too_large);
    EXPECT_EQ(code_of(describe(file_with_cost(10, 17, 1))), Errc::too_large);
    EXPECT_EQ(code_of(describe(file_with_cost(10, 8, 5))), Errc::too_large);
    EXPECT_EQ(code_of(describe(file_with_cost(20, 16, 1))), Errc::too_large);
    EXPECT_EQ(code_of(describe(file_with_cost(0, 8, 1))), Errc::malformed);
    EXPECT_EQ(code_of(describe(file_with_cost(10, 0, 1))), Errc::malformed);
    EXPECT_EQ(code_of(describe(file_with_cost(10, 8, 0))), Errc::malformed);
    EXPECT_EQ(code_of(describe(file_with_cost(10, 8, 1, 2))), Errc::unknown_algorithm);
    EXPECT_EQ(code_of(describe(file_with_cost(10, 8, 1, 1, 1))), Errc::unknown_algorithm);
}

/// scrypt by OpenSSL with the salt and the cost of sealed_file().
ByteArray<32> openssl_derived(std::string_view passphrase) {
    const Bytes salt(16, 0x5A);
    ByteArray<32> out{};
    EXPECT_EQ(EVP_PBE_scrypt(passphrase.data(), passphrase.size(), salt.data(), salt.size(), 16, 1, 1, 0, out.data(),
                             out.size()),
              1);
    return out;
}

/// Field 7 is the last 48 bytes after its key and head; what is authenticated is the same map without it.
Bytes authenticated_part(const Bytes& file) {
    Bytes out{file.begin(), file.end() - 48 - 3};
    EXPECT_EQ(out.front(), 0xA7);
    out.front() = 0xA6;
    return out;
}

TEST(KeyFile, AnotherImplementationOpensIt) {
    const Bytes file = sealed_file();
    const ByteArray<32> derived = openssl_derived("correct horse");
    const Bytes nonce(12, 0xA5);
    const Bytes authenticated = authenticated_part(file);
    Bytes sealed{file.end() - 48, file.end()};

    EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
    ByteArray<32> scalar{};
    int size = 0;
    EXPECT_EQ(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nullptr, derived.data(), nonce.data()), 1);
    EXPECT_EQ(EVP_DecryptUpdate(context, nullptr, &size, authenticated.data(), static_cast<int>(authenticated.size())),
              1);
    EXPECT_EQ(EVP_DecryptUpdate(context, scalar.data(), &size, sealed.data(), 32), 1);
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, sealed.data() + 32), 1);
    EXPECT_EQ(EVP_DecryptFinal_ex(context, scalar.data() + size, &size), 1);
    EVP_CIPHER_CTX_free(context);
    EXPECT_TRUE(equal(scalar, secret(9).scalar()));
}

TEST(KeyFile, APublicKeyOfAnotherSecretIsRefusedThoughItIsAuthentic) {
    // Written by somebody who knows the passphrase but puts another public key before the same secret.
    Bytes file = sealed_file();
    const auto own = secret(9).public_key().bytes();
    const auto place = std::ranges::search(file, own);
    ASSERT_EQ(place.size(), own.size());
    std::ranges::copy(secret(8).public_key().bytes(), place.begin());
    const Bytes authenticated = authenticated_part(file);
    const ByteArray<32> derived = openssl_derived("correct horse");
    const Bytes nonce(12, 0xA5);

    EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
    std::uint8_t* const sealed = file.data() + file.size() - 48;
    int size = 0;
    EXPECT_EQ(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, derived.data(), nonce.data()), 1);
    EXPECT_EQ(EVP_EncryptUpdate(context, nullptr, &size, authenticated.data(), static_cast<int>(authenticated.size())),
              1);
    EXPECT_EQ(EVP_EncryptUpdate(context, sealed, &size, secret(9).scalar().data(), 32), 1);
    EXPECT_EQ(EVP_EncryptFinal_ex(context, sealed + size, &size), 1);
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, sealed + 32), 1);
    EVP_CIPHER_CTX_free(context);

    const auto opened = open(file, "correct horse");
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::malformed);
    EXPECT_EQ(opened.error().field, "public_key");
}

TEST(KeyFile, TheLibrarysScryptGivesTheAnswersOfRfc7914) {
    const auto derived = [](std::string_view passphrase, std::string_view salt, CryptoPP::word64 n, CryptoPP::word64 r,
                            CryptoPP::word64 p) {
        ByteArray<32> out{};
        CryptoPP::Scrypt{}.DeriveKey(out.data(), out.size(), as_bytes(passphrase).data(), passphrase.size(),
                                     as_bytes(salt).data(), salt.size(), n, r, p);
        return to_hex(out);
    };
    EXPECT_EQ(derived("", "", 16, 1, 1), "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
    EXPECT_EQ(derived("password", "NaCl", 1024, 8, 16),
              "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
    EXPECT_EQ(derived("pleaseletmein", "SodiumChloride", 16384, 8, 1),
              "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

TEST(KeyFile, SealChecksWhatItsCallerPromised) {
    EXPECT_DEATH((void)seal(secret(9), {}, "x", {}, {.log2_n = 21}), "internal check failed");
    EXPECT_DEATH((void)seal(secret(9), {std::string(129, 'x'), ""}, "x", {}, kLight), "internal check failed");
}

}  // namespace
}  // namespace probatum::key_file
