#include "base/key.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "support.h"

namespace probatum {
namespace {

using test::code_of;
using test::hex;
using test::secret;

const std::string kGroupOrder = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const std::string kOrderLessOne = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";
const std::string kOne = std::string(63, '0') + "1";

/// n - s, by hand: the other s of a signature.
Signature with_other_s(const Signature& signature) {
    const Bytes order = hex(kGroupOrder);
    Signature out = signature;
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int difference = order[i] - signature[32 + i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        out[32 + i] = static_cast<std::uint8_t>(difference & 0xFF);
    }
    return out;
}

struct KnownSignature {
    std::string_view scalar;
    std::string_view message;
    std::string_view signature;
};

TEST(SecretKey, SignsTheKnownAnswersOfRfc6979OnSecp256k1) {
    const KnownSignature cases[] = {
        {kOne, "Satoshi Nakamoto",
         "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1"
         "c4496f01a512aafd9e5"},
        {kOne, "All those moments will be lost in time, like tears in rain. Time to die...",
         "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb012"
         "2918601db38a72cfc21"},
        {kOrderLessOne, "Satoshi Nakamoto",
         "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d06b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9b"
         "ebed3f153d10d93bed5"},
        {"f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181", "Alan Turing",
         "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759"
         "b9fb233c5b05ab388ea"},
    };
    for (const auto& [scalar, message, expected] : cases) {
        const SecretKey key = SecretKey::from_bytes(hex(scalar)).value();
        const Digest digest = sha256(as_bytes(message));
        const Signature signature = key.sign(digest);
        EXPECT_EQ(to_hex(signature), expected);
        EXPECT_TRUE(key.public_key().verify(digest, signature).has_value());
    }
}

TEST(SecretKey, LiesBetweenOneAndTheGroupOrder) {
    EXPECT_TRUE(SecretKey::from_bytes(hex(kOne)).has_value());
    EXPECT_TRUE(SecretKey::from_bytes(hex(kOrderLessOne)).has_value());
    for (const std::string& scalar : {kGroupOrder, std::string(64, '0'), std::string(64, 'f'), std::string(62, '1'),
                                      std::string(66, '1'), std::string{}}) {
        EXPECT_EQ(code_of(SecretKey::from_bytes(hex(scalar))), Errc::malformed) << scalar;
    }
}

TEST(SecretKey, IsWipedWhereItIsMovedFrom) {
    SecretKey key = secret(7);
    const SecretKey moved = std::move(key);
    EXPECT_TRUE(std::ranges::all_of(key.scalar(),
                                    [](std::uint8_t byte) { return byte == 0; }));  // NOLINT(bugprone-use-after-move)
    SecretKey assigned = secret(8);
    assigned = secret(7);
    EXPECT_TRUE(equal(moved.scalar(), assigned.scalar()));
}

TEST(PublicKey, OfOneIsTheGenerator) {
    const PublicKey key = SecretKey::from_bytes(hex(kOne)).value().public_key();
    EXPECT_EQ(to_hex(key.bytes()), "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    EXPECT_EQ(key.id().digest, sha256(key.bytes()));
    EXPECT_EQ(PublicKey::from_bytes(key.bytes()).value(), key);
}

TEST(PublicKey, TakesOnlyCompressedPointsOfTheCurve) {
    const std::string x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    const std::string y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
    EXPECT_TRUE(PublicKey::from_bytes(hex("03" + x)).has_value());
    for (const std::string& bytes :
         {"04" + x + y, "06" + x + y, "00" + x, "04" + x, x, "02" + x + "00", std::string{},
          "02" + std::string(63, '0') + "5" /* no root */, "02" + std::string(64, 'f') /* above p */}) {
        EXPECT_EQ(code_of(PublicKey::from_bytes(hex(bytes))), Errc::malformed) << bytes;
    }
}

TEST(PublicKey, TellsHighSFromABadSignature) {
    const SecretKey key = secret(3);
    const Digest digest = sha256(as_bytes("terms"));
    const Signature low = key.sign(digest);
    const Signature high = with_other_s(low);
    EXPECT_TRUE(key.public_key().verify(digest, low).has_value());
    EXPECT_EQ(code_of(key.public_key().verify(digest, high)), Errc::high_s_signature);
    EXPECT_EQ(code_of(key.public_key().verify(sha256(as_bytes("other")), high)), Errc::bad_signature);
    EXPECT_EQ(code_of(secret(4).public_key().verify(digest, low)), Errc::bad_signature);
}

TEST(PublicKey, RefusesEveryFlippedBitOfASignature) {
    const SecretKey key = secret(5);
    const Digest digest = sha256(as_bytes("repayment"));
    const Signature signature = key.sign(digest);
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        Signature changed = signature;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
        EXPECT_FALSE(key.public_key().verify(digest, changed).has_value()) << bit;
    }
}

TEST(PublicKey, RefusesScalarsOutOfRange) {
    const PublicKey key = secret(6).public_key();
    const Digest digest = sha256({});
    for (const std::string& half : {std::string(64, '0'), kGroupOrder, std::string(64, 'f')}) {
        for (const std::string& text : {half + kOne, kOne + half, half + half}) {
            Signature signature{};
            std::ranges::copy(hex(text), signature.begin());
            EXPECT_EQ(code_of(key.verify(digest, signature)), Errc::bad_signature) << text;
        }
    }
}

TEST(Wipe, ClearsEveryByte) {
    Bytes memory(37, 0xAA);
    wipe(memory);
    EXPECT_EQ(memory, Bytes(37, 0));
}

}  // namespace
}  // namespace probatum
