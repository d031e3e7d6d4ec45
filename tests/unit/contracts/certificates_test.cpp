// Binding a certificate records bytes and judges nothing: docs/spec/certificates.md, section 2.
#include "contracts/certificates.h"

#include <gtest/gtest.h>

#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::key_of;
using test::number;
using test::World;

Bytes text(std::string_view of) { return to_bytes(as_bytes(of)); }

BindCertificateBody binding(std::string_view leaf = "leaf") {
    return {.chain = {text(leaf), text("root")},
            .cross_signature = text("signature"),
            .status = {{StatusEvidence::Kind::ocsp, text("good")}}};
}

TEST(Binding, StandsUnderTheKeyAndInEveryLaterLeaf) {
    test::LoanWorld world;
    const KeyId key = key_of("bank-a/maker-1").public_key().id();
    const auto transaction = world.sign("bank-a/maker-1", {.body = binding()});
    ASSERT_EQ(world.run(transaction).outcome.code, 0);
    const Digest leaf = sha256(text("leaf"));
    EXPECT_EQ(find_member_key(world.state, key)->certificate, leaf);
    const CertificateBinding found = find_binding(world.state, key, leaf).value();
    EXPECT_EQ(found.member, "maker-1");
    ASSERT_EQ(found.entries.size(), 1U);
    EXPECT_EQ(found.entries.front().transaction, transaction->id());
    world.registered();
    EXPECT_EQ(decode_resolved(world.events.back().leaf.resolved)->certificate, leaf);
}

TEST(Binding, IsRecordedAgainWithFresherStatus) {
    World world;
    const KeyId key = key_of("court-e/officer-1").public_key().id();
    for (std::size_t i = 0; i < kMaxBindingEntries; ++i) {
        ASSERT_EQ(world.run("court-e/officer-1", {.body = binding()}).outcome.code, 0);
    }
    EXPECT_EQ(world.run("court-e/officer-1", {.body = binding()}).outcome.code, number(Errc::id_taken));
    EXPECT_EQ(find_binding(world.state, key, sha256(text("leaf")))->entries.size(), kMaxBindingEntries);
    // A renewed certificate is another one; the former binding stays.
    ASSERT_EQ(world.run("court-e/officer-1", {.body = binding("renewed")}).outcome.code, 0);
    EXPECT_EQ(find_member_key(world.state, key)->certificate, sha256(text("renewed")));
    EXPECT_TRUE(find_binding(world.state, key, sha256(text("leaf"))).has_value());
}

TEST(Binding, IsOfBoundedSize) {
    World world;
    const auto refused = [&](const BindCertificateBody& body) {
        return !world.draft("bank-a/maker-1", {.body = body}).has_value();
    };
    BindCertificateBody body = binding();
    body.chain.assign(kMaxChainCertificates + 1, text("c"));
    EXPECT_TRUE(refused(body));
    body.chain = {Bytes(kMaxCertificateBytes + 1)};
    EXPECT_TRUE(refused(body));
    body.chain.clear();
    EXPECT_TRUE(refused(body));
    body.chain.assign(4, Bytes(kMaxCertificateBytes));
    EXPECT_TRUE(refused(body));  // With the status above 32 KiB in all.
    body.status.clear();
    EXPECT_FALSE(refused(body));
    body.cross_signature = Bytes(kMaxCrossSignatureBytes + 1);
    EXPECT_TRUE(refused(body));
}

TEST(Binding, WhatTheCertificatesKeySignsNamesChainMemberKeyAndCertificate) {
    const CrossStatement base{Digest{{1}}, "bank-a", "maker-1", KeyId{Digest{{2}}}, Digest{{3}}};
    const Bytes bytes = cross_statement(base);
    EXPECT_EQ(cbor::diagnose(bytes)->substr(0, 35), "[\"probatum-certificate-binding\", h'");
    for (int part = 0; part < 5; ++part) {
        CrossStatement other = base;
        other.chain_id = part == 0 ? Digest{{9}} : other.chain_id;
        other.organisation = part == 1 ? "bank-b" : other.organisation;
        other.member = part == 2 ? "maker-2" : other.member;
        other.key = part == 3 ? KeyId{Digest{{9}}} : other.key;
        other.certificate = part == 4 ? Digest{{9}} : other.certificate;
        EXPECT_NE(cross_statement(other), bytes) << part;
    }
}

TEST(BindingValues, ComeBackFromTheirBytes) {
    const CertificateBinding binding_value{"bank-a", "maker-1", {{Digest{{1}}, Height{2}, UnixMs{3}}}};
    EXPECT_EQ(decode_certificate_binding(encode(binding_value)), binding_value);
    const std::vector<TrustedRoot> roots{{Digest{{1}}, "CFCA", Height{1}, Height{9}}, {Digest{{2}}, "BJCA", Height{2}}};
    EXPECT_EQ(decode_trusted_roots(encode(roots)), roots);
}

}  // namespace
}  // namespace probatum::contracts
