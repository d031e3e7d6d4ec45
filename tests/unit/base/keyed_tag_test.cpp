#include "base/keyed_tag.h"

#include <gtest/gtest.h>

#include "base/curve.h"
#include "base/text_encoding.h"
#include "support.h"

namespace probatum {
namespace {

using test::code_of;
using test::hex;

SecretKey secret_of(std::uint8_t fill) { return SecretKey::from_bytes(Bytes(SecretKey::kSize, fill)).value(); }

const ByteView kItem = as_bytes("invoice 011002300111-12345678");
const ByteView kOther = as_bytes("invoice 011002300111-12345679");

// The values come from an implementation of the specification in Python with its own arithmetic of the curve
// (docs/spec/double-financing.md, section 2).
TEST(KeyedTag, EqualsAnIndependentImplementation) {
    const SecretKey secret = secret_of(0x31);
    const SecretKey next = secret_of(0x42);
    const keyed_tag::Proof opened = keyed_tag::open_item(secret, kItem);
    const keyed_tag::Carried carried = keyed_tag::carry_over(secret, next, keyed_tag::tag_of(secret, kItem));

    EXPECT_EQ(to_hex(keyed_tag::point_of(kItem).bytes()),
              "022b964f4f5fe0a3fcace1ab0a47d88bec3f5371d3a68646cd598dfa21906761bc");
    EXPECT_EQ(to_hex(keyed_tag::tag_of(secret, kItem).bytes()),
              "0368d712b4c4372955ee0687260853c0f3d5401db0b04b6c142ac407b2900e892d");
    EXPECT_EQ(to_hex(opened.challenge), "0c057c5eb8c379ad8859535d4d1dd43bfc8afbc8c17a89d1efa67a1dfca1fc60");
    EXPECT_EQ(to_hex(opened.response), "c17a82894960c0f6744922af465c0f5e534c1d3ecc56b9dbde82eb1e3afff1b2");
    EXPECT_EQ(to_hex(carried.tag.bytes()), "0392fac088b5599ef293992d912420f0c14fe5891b6abcaef6a12e49adfde9ad01");
    EXPECT_EQ(to_hex(carried.proof.challenge), "56806b71e38ce665bb1e4b9d8690e99f88ecbe2b14685cac72b9e43c823ccc5a");
    EXPECT_EQ(to_hex(carried.proof.response), "0a17833ceaf20f24bcb8156f1a592350b04dbd2f20a51d9f9fc64beec3270316");
}

TEST(KeyedTag, IsTheSameForTheSameItemAndSecretAlone) {
    const SecretKey secret = secret_of(1);
    EXPECT_EQ(keyed_tag::tag_of(secret, kItem), keyed_tag::tag_of(secret_of(1), kItem));
    EXPECT_NE(keyed_tag::tag_of(secret, kItem), keyed_tag::tag_of(secret, kOther));
    EXPECT_NE(keyed_tag::tag_of(secret, kItem), keyed_tag::tag_of(secret_of(2), kItem));
}

TEST(KeyedTag, OpensOneItemAndNoOther) {
    const SecretKey secret = secret_of(7);
    const PublicKey group = secret.public_key();
    const PublicKey tag = keyed_tag::tag_of(secret, kItem);
    const keyed_tag::Proof proof = keyed_tag::open_item(secret, kItem);

    EXPECT_TRUE(keyed_tag::verify_item(proof, {group, kItem, tag}).has_value());
    EXPECT_EQ(code_of(keyed_tag::verify_item(proof, {group, kOther, tag})), Errc::invalid_proof);
    EXPECT_EQ(code_of(keyed_tag::verify_item(proof, {group, kItem, keyed_tag::tag_of(secret, kOther)})),
              Errc::invalid_proof);
    EXPECT_EQ(code_of(keyed_tag::verify_item(proof, {secret_of(8).public_key(), kItem, tag})), Errc::invalid_proof);
}

TEST(KeyedTag, AProofWithAnyBitChangedFails) {
    const SecretKey secret = secret_of(7);
    const PublicKey group = secret.public_key();
    const PublicKey tag = keyed_tag::tag_of(secret, kItem);
    const keyed_tag::Proof proof = keyed_tag::open_item(secret, kItem);
    for (std::size_t bit = 0; bit < 256; bit += 5) {
        keyed_tag::Proof challenged = proof;
        challenged.challenge[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        keyed_tag::Proof answered = proof;
        answered.response[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_EQ(code_of(keyed_tag::verify_item(challenged, {group, kItem, tag})), Errc::invalid_proof) << bit;
        EXPECT_EQ(code_of(keyed_tag::verify_item(answered, {group, kItem, tag})), Errc::invalid_proof) << bit;
    }
    EXPECT_EQ(code_of(keyed_tag::verify_item({}, {group, kItem, tag})), Errc::invalid_proof);
}

// Whoever tags an item under a secret of its own cannot open the tag as the group's.
TEST(KeyedTag, ATagUnderAnotherSecretCannotBeOpenedAsTheGroups) {
    const SecretKey liar = secret_of(9);
    const keyed_tag::Proof proof = keyed_tag::open_item(liar, kItem);
    EXPECT_EQ(
        code_of(keyed_tag::verify_item(proof, {secret_of(7).public_key(), kItem, keyed_tag::tag_of(liar, kItem)})),
        Errc::invalid_proof);
}

TEST(KeyedTag, CarriesATagOverToTheNextSecretInPublic) {
    const SecretKey old_secret = secret_of(3);
    const SecretKey new_secret = secret_of(200);
    const PublicKey old_tag = keyed_tag::tag_of(old_secret, kItem);
    const keyed_tag::Carried carried = keyed_tag::carry_over(old_secret, new_secret, old_tag);

    EXPECT_EQ(carried.tag, keyed_tag::tag_of(new_secret, kItem));
    const keyed_tag::Step keys{old_secret.public_key(), new_secret.public_key()};
    EXPECT_TRUE(keyed_tag::verify(carried.proof, keys, {old_tag, carried.tag}).has_value());
    EXPECT_EQ(code_of(keyed_tag::verify(carried.proof, keys, {old_tag, keyed_tag::tag_of(new_secret, kOther)})),
              Errc::invalid_proof);
    EXPECT_EQ(code_of(keyed_tag::verify(carried.proof, keys, {keyed_tag::tag_of(old_secret, kOther), carried.tag})),
              Errc::invalid_proof);
}

TEST(Curve, AQuotientTimesItsDenominatorIsTheNumerator) {
    for (const std::uint8_t fill : std::initializer_list<std::uint8_t>{1, 2, 77, 0x9F, 0xFD}) {
        const SecretKey numerator = secret_of(fill);
        const SecretKey denominator = secret_of(static_cast<std::uint8_t>(fill + 1));
        const SecretKey quotient = curve::quotient(numerator, denominator);
        EXPECT_EQ(curve::multiply(quotient, denominator.public_key()), numerator.public_key());
    }
}

}  // namespace
}  // namespace probatum
