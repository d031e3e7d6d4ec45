// Bundles of chains whose members, organisations and certificates are not those of genesis: docs/spec/evidence.md.

#include <gtest/gtest.h>

#include "contracts/possession.h"
#include "contracts/summary.h"
#include "evidence/extract.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/trace.h"
#include "evidence/verify.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using contracts::Role;
using test::named_key;

Bytes text(std::string_view of) { return to_bytes(as_bytes(of)); }

contracts::DepositBody deposit() {
    return {.digests = contracts::digests_of(as_bytes("a document")), .size_bytes = 10, .media_type = "text/plain"};
}

contracts::BindCertificateBody binding() {
    return {.chain = {text("leaf"), text("root")}, .cross_signature = text("cross"), .status = {}};
}

/// Says what the test wants it to say, and remembers what it was asked.
class FakeJudge final : public CertificateJudge {
public:
    [[nodiscard]] CertificateJudgement judge(const CertificateCase& recorded) const override {
        asked_from = recorded.from;
        asked_until = recorded.until;
        statement = recorded.statement;
        CertificateJudgement out;
        out.subject = "CN=Maker One";
        out.aspects = {{"chain", AspectVerdict::good, "2 certificates"}, {"status", status, "no status evidence"}};
        return out;
    }
    AspectVerdict status{AspectVerdict::unknown};
    mutable UnixMs asked_from{};
    mutable UnixMs asked_until{};
    mutable Bytes statement;
};

class Registries : public testing::Test {
protected:
    test::MemoryChain chain{test::governed_sample_genesis()};

    Bytes possession(const std::string& organisation, const std::string& member, std::string_view key) const {
        return contracts::make_possession(named_key(key), {chain.chain_id(), organisation, member});
    }
    void take_in(const std::string& id, std::vector<Role> roles) {
        const std::string whole = "bank-a/" + id;
        const contracts::AddMemberBody body{id, "A newcomer", named_key(whole).public_key(), std::move(roles),
                                            possession("bank-a", id, whole)};
        EXPECT_TRUE(chain.record("bank-a/governor-1", {.body = body}).accepted());
    }
    Digest deposited_by(std::string_view who) {
        EXPECT_TRUE(chain.record(who, {.body = deposit()}).accepted());
        return chain.last_transaction();
    }
    Report verified(const Bundle& bundle, VerifyOptions options = {}) const {
        options.genesis_digest = chain.chain_id();
        return verify(encode(bundle), options);
    }
    static void expect_valid(const Report& report) {
        EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    }
};

TEST_F(Registries, WhereGenesisSaysAllThereIsNone) {
    const Bundle bundle = gather_record(chain, deposited_by("bank-a/maker-1")).value();
    EXPECT_TRUE(bundle.registry.empty());
    expect_valid(verified(bundle));
}

TEST_F(Registries, ANewcomersKeyIsProvenAtTheHead) {
    take_in("maker-9", {Role::lender_maker});
    const Bundle bundle = gather_record(chain, deposited_by("bank-a/maker-9")).value();
    ASSERT_EQ(bundle.registry.keys.size(), 1U);
    const Report report = verified(bundle);
    expect_valid(report);
    EXPECT_EQ(report.facts.record->member, "maker-9");
    EXPECT_EQ(decode_bundle(encode(bundle))->registry.keys.size(), 1U);

    Bundle without = bundle;
    without.registry = {};
    EXPECT_EQ(verified(without).failed_check, "record-statement");
}

/// docs/spec/evidence.md section 7: each part, and each signature with its key.
TEST_F(Registries, ANewcomersSignatureIsExtractedAndTraced) {
    take_in("maker-9", {Role::lender_maker});
    Bundle bundle = gather_record(chain, deposited_by("bank-a/maker-9")).value();
    const auto signature_of = [](const Extracted& from, std::string_view message) {
        const auto found = std::ranges::find(from.signatures, message, &SignedPart::message);
        return found == from.signatures.end() ? std::string{"none"} : found->key;
    };
    const auto has = [](const Extracted& from, std::string_view name) {
        return std::ranges::find(from.parts, name, &Part::name) != from.parts.end();
    };
    const Extracted whole = extract(bundle);
    EXPECT_TRUE(signature_of(whole, "record.sig-structure").starts_with("key-"));
    for (const char* const name : {"registry-key-0000.cbor", "registry-key-0000-proof.cbor", "record-inclusion.cbor",
                                   "use-list-0000-items.cbor"}) {
        EXPECT_TRUE(has(whole, name)) << name;
    }
    EXPECT_NE(trace(bundle).find("ecdsa-secp256k1 record by bank-a/maker-9\n"), std::string::npos);
    EXPECT_NE(trace(bundle).find("registry key "), std::string::npos);
    // Where the bundle does not hold the key, that is said.
    bundle.registry = {};
    EXPECT_EQ(signature_of(extract(bundle), "record.sig-structure"), "");
    EXPECT_NE(render_index(extract(bundle), bundle).find("\"key\": null"), std::string::npos);
    EXPECT_NE(trace(bundle).find("key-not-shown record\n"), std::string::npos);
}

TEST_F(Registries, AForgedKeyIsNoticed) {
    take_in("maker-9", {Role::lender_maker});
    Bundle bundle = gather_record(chain, deposited_by("bank-a/maker-9")).value();
    contracts::MemberKey key = contracts::decode_member_key(bundle.registry.keys[0].value).value();
    key.member = "somebody-else";
    bundle.registry.keys[0].value = contracts::encode(key);
    EXPECT_EQ(verified(bundle).failed_check, "registry");
}

TEST_F(Registries, WhatARotatedKeySignedBeforeStays) {
    const Digest early = deposited_by("bank-a/maker-1");
    const contracts::RotateMemberBody rotate{named_key("second").public_key(),
                                             possession("bank-a", "maker-1", "second")};
    ASSERT_TRUE(chain.record("bank-a/maker-1", {.body = rotate}).accepted());
    const Bundle bundle = gather_record(chain, early).value();
    ASSERT_EQ(bundle.registry.keys.size(), 1U);  // Revoked by now: genesis says it no longer.
    expect_valid(verified(bundle));
    ASSERT_TRUE(chain.add_block({chain.sign_as("bank-a", "second", {.body = deposit()})}).front().accepted());
    const Report late = verified(gather_record(chain, chain.last_transaction()).value());
    expect_valid(late);
    EXPECT_EQ(late.facts.record->member, "maker-1");
}

TEST_F(Registries, ALoanAcrossChangesOfItsSigners) {
    const Digest id = test::record_active_loan(chain);
    ASSERT_TRUE(chain.record("bank-a/governor-1", {.body = contracts::SetRolesBody{"maker-2", {Role::lender_checker}}})
                    .accepted());
    ASSERT_TRUE(chain.record("bank-a/governor-1", {.body = contracts::RemoveMemberBody{"maker-1"}}).accepted());
    const Report report = verified(gather_contract(chain, id).value());
    expect_valid(report);
}

TEST_F(Registries, AFreezeIsReComputedAmongTheRefusedAttempts) {
    const Digest id = test::record_active_loan(chain);
    chain.enact(
        contracts::RegistryChange{contracts::Freeze{{contracts::FreezeSubject::Kind::organisation, "bank-a", {}}}});
    const auto tried = chain.record("bank-a/maker-1", {.contract = id, .body = contracts::SettleBody{}});
    EXPECT_EQ(tried.code, static_cast<std::uint16_t>(Errc::account_frozen));
    const Report report = verified(gather_contract(chain, id).value());
    expect_valid(report);
    ASSERT_EQ(report.facts.refused.size(), 1U);
    EXPECT_EQ(report.facts.refused[0].refusal_field, "organisation");
}

class ShownCertificates : public Registries {
protected:
    ShownCertificates() {
        chain.enact(contracts::RegistryChange{contracts::TrustRoot{sha256(text("root")), "An authority"}});
        EXPECT_TRUE(chain.record("bank-a/maker-1", {.body = binding()}).accepted());
        bound_at = chain.head().time;
        id = test::record_active_loan(chain);
        bundle = gather_contract(chain, id).value();
        options.certificate_judge = &judge;
    }
    UnixMs bound_at;
    Digest id;
    std::optional<Bundle> bundle;
    FakeJudge judge;
    VerifyOptions options;
};

TEST_F(ShownCertificates, AreJudgedAsACheckOfTheirOwn) {
    const Report report = verified(*bundle, options);
    expect_valid(report);
    EXPECT_EQ(report.checks.back().id, "certificates");
    EXPECT_EQ(report.checks.back().verdict, Verdict::pass);
    ASSERT_EQ(report.facts.certificates.size(), 1U);
    const CertificateJudgement& found = *report.facts.certificates[0].judgement;
    EXPECT_EQ(found.aspects.back().name, "root");
    EXPECT_EQ(found.aspects.back().verdict, AspectVerdict::good);
    EXPECT_EQ(judge.asked_from, bound_at);
    EXPECT_GT(judge.asked_until, bound_at);
    EXPECT_EQ(judge.statement,
              contracts::cross_statement({chain.chain_id(), "bank-a", "maker-1",
                                          named_key("bank-a/maker-1").public_key().id(), sha256(text("leaf"))}));
    const std::string page = render_text(report, Language::english);
    EXPECT_NE(page.find("CERTIFICATES"), std::string::npos);
    EXPECT_NE(page.find("CN=Maker One"), std::string::npos);
    EXPECT_NE(render_json(report).find("\"certificates\""), std::string::npos);
}

TEST_F(ShownCertificates, OneThatDoesNotHoldIsNamedAndFailsOnDemand) {
    judge.status = AspectVerdict::bad;
    Report report = verified(*bundle, options);
    expect_valid(report);
    EXPECT_EQ(report.checks.back().reason, "certificate-not-good");
    options.require_certificates = true;
    report = verified(*bundle, options);
    EXPECT_EQ(report.conclusion, Conclusion::not_valid);
    EXPECT_EQ(report.failed_check, "certificates");
}

TEST_F(ShownCertificates, WithoutAJudgeTheyAreShown) {
    const Report report = verified(*bundle);
    expect_valid(report);
    EXPECT_EQ(report.checks.back().reason, "no-judge");
    EXPECT_FALSE(report.facts.certificates[0].judgement.has_value());
}

TEST_F(ShownCertificates, ARootThatTheConsortiumDoesNotNameIsBad) {
    test::MemoryChain other{test::governed_sample_genesis("another")};
    ASSERT_TRUE(other.record("bank-a/maker-1", {.body = binding()}).accepted());
    const Digest record = [&] {
        EXPECT_TRUE(other.record("bank-a/maker-1", {.body = deposit()}).accepted());
        return other.last_transaction();
    }();
    options.genesis_digest = other.chain_id();
    const Report report = verify(encode(gather_record(other, record).value()), options);
    ASSERT_EQ(report.facts.certificates.size(), 1U);
    EXPECT_EQ(report.facts.certificates[0].judgement->aspects.back().verdict, AspectVerdict::bad);
}

TEST_F(ShownCertificates, NothingOfThemIsFree) {
    Bundle without = *bundle;
    without.registry.certificates[0].transactions.clear();
    EXPECT_EQ(verified(without, options).failed_check, "registry");
    Bundle other_root = *bundle;
    other_root.registry.roots->value.reset();
    EXPECT_EQ(verified(other_root, options).failed_check, "registry");
    Bundle rootless = *bundle;
    rootless.registry.roots.reset();
    EXPECT_EQ(verified(rootless, options).failed_check, "decoding");
}

TEST_F(ShownCertificates, LeftOutTheyAreMissed) {
    judge.status = AspectVerdict::bad;
    options.require_certificates = true;
    ASSERT_EQ(verified(*bundle, options).failed_check, "certificates");
    Bundle without = *bundle;
    without.registry.certificates.clear();
    without.registry.roots.reset();
    ASSERT_FALSE(without.registry.empty());
    EXPECT_EQ(verified(without, options).failed_check, "event-signatures");
    options.require_certificates = false;
    EXPECT_EQ(verified(without, options).failed_check, "event-signatures");
}

TEST_F(ShownCertificates, OfARecordTheyAreMissedToo) {
    const Bundle record = gather_record(chain, deposited_by("bank-a/maker-1")).value();
    ASSERT_EQ(record.registry.certificates.size(), 1U);
    expect_valid(verified(record, options));
    Bundle without = record;
    without.registry.certificates.clear();
    without.registry.roots.reset();
    EXPECT_EQ(verified(without, options).failed_check, "record-statement");
    // With the key left out as well genesis speaks, and says nothing of a certificate.
    without.registry = {};
    expect_valid(verified(without, options));
    options.require_certificates = true;
    expect_valid(verified(record, options));
    EXPECT_EQ(verified(without, options).failed_check, "certificates");
}

TEST_F(ShownCertificates, RequiredWhereNobodySignedTheyAreNotChecked) {
    options.require_certificates = true;
    const Report report = verified(gather_standing(chain, id).value(), options);
    expect_valid(report);
    EXPECT_EQ(report.checks.back().id, "certificates");
    EXPECT_EQ(report.checks.back().reason, "no-signature");
}

TEST_F(ShownCertificates, WhatNothingNamesIsRefused) {
    Bundle other = gather_record(chain, deposited_by("bank-a/maker-2")).value();
    ASSERT_TRUE(other.registry.empty());
    const Bundle record = gather_record(chain, deposited_by("bank-a/maker-1")).value();
    other = gather_record(chain, other.subject.id).value();
    other.registry = record.registry;
    EXPECT_EQ(verified(other, options).failed_check, "registry");
    other.registry.keys.clear();
    EXPECT_EQ(verified(other, options).failed_check, "registry");
}

/// docs/spec/contracts.md section 11.
TEST_F(Registries, WhatTheSignerWasShownIsReproduced) {
    const contracts::RegisterBody registration = test::sample_registration();
    ASSERT_TRUE(chain.record("bank-a/maker-1", {.body = registration}).accepted());
    const Digest id = test::sample_contract_id(chain);
    contracts::SignBody shown;
    for (const contracts::Document& document : registration.documents) {
        shown.documents.push_back(document.digests);
    }
    contracts::SignBody other = shown;
    shown.seen = sha256(as_bytes(contracts::shown_to_sign(id, shown)));
    other.seen = sha256(as_bytes("something else"));
    ASSERT_TRUE(chain.record("bank-a/maker-1", {.contract = id, .body = shown}).accepted());
    ASSERT_TRUE(chain.record("trader-b/cfo-1", {.contract = id, .body = other}).accepted());
    const Report report = verified(gather_contract(chain, id).value());
    expect_valid(report);
    ASSERT_EQ(report.facts.events.size(), 3U);
    EXPECT_FALSE(report.facts.events[0].seen.has_value());
    EXPECT_EQ(report.facts.events[1].seen, shown.seen);
    EXPECT_TRUE(report.facts.events[1].seen_reproduced);
    EXPECT_EQ(report.facts.events[2].seen, other.seen);
    EXPECT_FALSE(report.facts.events[2].seen_reproduced);
}

}  // namespace
}  // namespace probatum::evidence
