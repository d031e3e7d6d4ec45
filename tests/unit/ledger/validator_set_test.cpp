#include "ledger/validator_set.h"

#include <gtest/gtest.h>

#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::sample_set;

TEST(ValidatorSet, DecodesToTheSameBytesAndDigest) {
    for (const std::size_t size : {1U, 4U, 100U}) {
        const ValidatorSet set = sample_set(size);
        const ValidatorSet again = ValidatorSet::decode(set.encode()).value();
        EXPECT_EQ(again, set);
        EXPECT_EQ(again.digest(), sha256(set.encode()));
    }
}

TEST(ValidatorSet, RefusesNobodyTooManyAndTwins) {
    EXPECT_EQ(ValidatorSet::make({}).error().code, Errc::malformed);
    std::vector<Validator> validators = sample_set(100).all();
    validators.push_back({"one-more", test::named_key("one-more").public_key()});
    EXPECT_EQ(ValidatorSet::make(validators).error().code, Errc::malformed);
    const Validator twin = validators.front();
    EXPECT_EQ(ValidatorSet::make({twin, validators[1], {"other-name", twin.key}}).error().code, Errc::malformed);
    EXPECT_TRUE(ValidatorSet::make({twin, {twin.organisation, validators[1].key}}));
}

TEST(ValidatorSet, RefusesNamesThatAreEmptyOrTooLong) {
    const PublicKey key = test::named_key("x").public_key();
    EXPECT_FALSE(ValidatorSet::make({{"", key}}));
    EXPECT_FALSE(ValidatorSet::make({{std::string(65, 'x'), key}}));
    EXPECT_TRUE(ValidatorSet::make({{std::string(64, 'x'), key}}));
}

TEST(ValidatorSet, RefusesBytesThatAreNoPoint) {
    cbor::Writer writer;
    writer.array(1).array(2).text("bank").bytes(Bytes(33, 0));
    EXPECT_FALSE(ValidatorSet::decode(writer.view()));
    EXPECT_FALSE(ValidatorSet::decode(cbor::Writer{}.array(0).view()));
}

TEST(ValidatorSet, FindsMembersByKeyId) {
    const ValidatorSet set = sample_set(7);
    for (ValidatorIndex i = 0; i < 7; ++i) {
        EXPECT_EQ(set.index_of(set.at(i).key.id()), i);
        EXPECT_EQ(set.key_id(i), set.at(i).key.id());
    }
    EXPECT_EQ(set.index_of(test::named_key("stranger").public_key().id()), std::nullopt);
}

TEST(ValidatorSet, TwoQuorumsShareMoreThanTheFaulty) {
    for (std::size_t n = 1; n <= kMaxValidators; ++n) {
        const ValidatorSet set = sample_set(n);
        const std::size_t f = set.max_faulty();
        EXPECT_EQ(f, (n - 1) / 3) << n;
        EXPECT_GE(2 * set.quorum(), n + f + 1) << n;  // overlap of at least f + 1: safe
        EXPECT_LE(set.quorum(), n - f) << n;          // the honest alone form one: live
        EXPECT_LT(3 * f, n) << n;
    }
}

}  // namespace
}  // namespace probatum::ledger
