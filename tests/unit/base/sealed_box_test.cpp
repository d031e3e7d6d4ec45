#include "base/sealed_box.h"

#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "support.h"

namespace probatum {
namespace {

using test::code_of;
using test::hex;

SecretKey secret_of(std::uint8_t fill) { return SecretKey::from_bytes(Bytes(SecretKey::kSize, fill)).value(); }

const ByteView kMessage = as_bytes("thirty-two bytes that stay secret");
const ByteView kContext = as_bytes("what it is for");

Bytes box_to(std::uint8_t recipient) {
    return sealed_box::seal(secret_of(recipient).public_key(), secret_of(0x55), kMessage, kContext);
}

// Made with Node's crypto (ECDH secp256k1, hkdfSync, aes-256-gcm) from docs/formats.cddl `sealed-box`.
TEST(SealedBox, EqualsAnIndependentImplementation) {
    EXPECT_EQ(to_hex(box_to(0x66)),
              "83015821029ac20335eb38768d2052be1dbbc3c8f6178407458e51e6b4ad22f1d91758895b5831a2c73948baef708a3a784711c2"
              "3e61ccf5cde6189cb9f8ae5ecfbd6e1638e7eff1b94d2661b3d7cd14062f3517ba5930df");
}

TEST(SealedBox, OpensWithTheKeyItWasSealedTo) {
    const Result<Bytes> opened = sealed_box::open(secret_of(0x66), box_to(0x66), kContext);
    ASSERT_TRUE(opened.has_value());
    EXPECT_TRUE(equal(*opened, kMessage));
}

TEST(SealedBox, StaysClosedForAnotherKeyAndAnotherContext) {
    EXPECT_EQ(code_of(sealed_box::open(secret_of(0x67), box_to(0x66), kContext)), Errc::wrong_recipient);
    EXPECT_EQ(code_of(sealed_box::open(secret_of(0x66), box_to(0x66), as_bytes("something else"))),
              Errc::wrong_recipient);
}

TEST(SealedBox, StaysClosedWithAnyByteChanged) {
    const Bytes box = box_to(0x66);
    for (std::size_t i = 0; i < box.size(); ++i) {
        Bytes changed = box;
        changed[i] ^= 1;
        EXPECT_FALSE(sealed_box::open(secret_of(0x66), changed, kContext).has_value()) << i;
    }
    for (std::size_t size = 0; size < box.size(); ++size) {
        EXPECT_FALSE(sealed_box::open(secret_of(0x66), ByteView{box}.first(size), kContext).has_value()) << size;
    }
}

}  // namespace
}  // namespace probatum
