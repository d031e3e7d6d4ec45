#include "base/commitment.h"

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/hash.h"
#include "support.h"

namespace probatum {
namespace {

TEST(Commitment, IsTheHashOfSaltNameAndValue) {
    Salt salt{};
    salt.fill(0x5A);
    cbor::Writer value;
    value.uint(10'000'000);
    const Bytes preimage =
        test::hex("8350" + std::string("5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a") + "66616d6f756e74" + "1a00989680");
    EXPECT_EQ(commit(salt, "amount", value.view()), sha256(preimage));
}

TEST(Commitment, EveryPartMatters) {
    const Salt salt{};
    Salt other{};
    other[15] = 1;
    const Bytes value = test::hex("01");
    const Digest digest = commit(salt, "amount", value);
    EXPECT_NE(digest, commit(other, "amount", value));
    EXPECT_NE(digest, commit(salt, "amounts", value));
    EXPECT_NE(digest, commit(salt, "amount", test::hex("02")));
}

}  // namespace
}  // namespace probatum
