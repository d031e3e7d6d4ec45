#include "node/tls_binding.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "node/machine.h"

namespace probatum::node {
namespace {

SecretKey secret(std::uint8_t fill) { return *SecretKey::from_bytes(Bytes(32, fill)); }

class TlsBindingTest : public testing::Test {
protected:
    const Digest chain_ = sha256(as_bytes("chain"));
    const Validity validity_{UnixMs{1'000'000}, UnixMs{2'000'000}};
    const SecretKey identity_ = secret(7);
    const Digest tls_key_ = sha256(as_bytes("tls key"));
    const Bytes statement_ = make_tls_binding(identity_, {chain_, "bank-a"}, {tls_key_, validity_});
    BindingExpectation expected_{chain_, identity_.public_key(), tls_key_, UnixMs{1'500'000}};

    Errc refusal() const {
        const auto checked = check_tls_binding(statement_, expected_);
        return checked ? Errc::internal : checked.error().code;
    }
};

TEST_F(TlsBindingTest, HoldsForTheKeyAndTimeItNames) {
    const auto checked = check_tls_binding(statement_, expected_);
    ASSERT_TRUE(checked.has_value()) << checked.error().to_string();
    EXPECT_EQ(checked->key_digest, tls_key_);
}

TEST_F(TlsBindingTest, AnotherTlsKeyIsRefused) {
    expected_.key_digest = sha256(as_bytes("another"));
    EXPECT_EQ(refusal(), Errc::issuer_mismatch);
}

TEST_F(TlsBindingTest, AnotherIdentityIsRefused) {
    expected_.identity = secret(8).public_key();
    EXPECT_EQ(refusal(), Errc::unknown_key);
}

TEST_F(TlsBindingTest, AnotherChainIsRefused) {
    expected_.chain_id = sha256(as_bytes("another chain"));
    EXPECT_EQ(refusal(), Errc::foreign_chain);
}

TEST_F(TlsBindingTest, BeforeItsTimeItIsRefused) {
    expected_.now = UnixMs{999'999};
    EXPECT_EQ(refusal(), Errc::expired);
}

TEST_F(TlsBindingTest, AfterItsEndItStillOpensTheDoor) {
    expected_.now = UnixMs{2'000'001};
    const auto checked = check_tls_binding(statement_, expected_);
    ASSERT_TRUE(checked.has_value()) << checked.error().to_string();
    EXPECT_LT(checked->validity.not_after, expected_.now);  // What warnings are made of.
}

TEST_F(TlsBindingTest, EveryChangedByteIsRefused) {
    for (std::size_t i = 0; i < statement_.size(); ++i) {
        Bytes changed = statement_;
        changed[i] ^= 1U;
        EXPECT_FALSE(check_tls_binding(changed, expected_).has_value()) << "byte " << i;
    }
}

TEST(TlsIdentity, CertificateAndDigestBelongTogether) {
    const auto made = make_tls_identity("bank-a", {UnixMs{1'700'000'000'000}, UnixMs{1'900'000'000'000}});
    ASSERT_TRUE(made.has_value()) << made.error().to_string();
    const auto digest = tls_key_digest(made->certificate_pem);
    ASSERT_TRUE(digest.has_value());
    EXPECT_EQ(*digest, made->key_digest);
    EXPECT_NE(make_tls_identity("bank-a", {UnixMs{1}, UnixMs{2}})->key_digest, made->key_digest);
    EXPECT_FALSE(tls_key_digest("no certificate").has_value());
}

}  // namespace
}  // namespace probatum::node
