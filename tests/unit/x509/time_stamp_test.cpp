// Time-stamps by an authority made with OpenSSL: docs/spec/evidence.md section 8.

#include "evidence/x509/time_stamp.h"

#include <gtest/gtest.h>

#include "base/cose.h"
#include "base/hash.h"
#include "evidence/additions.h"
#include "evidence/cose_receipt.h"
#include "evidence/extract.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "openssl_authority.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

const test::OpensslAuthority& authority() {
    static const test::OpensslAuthority kAuthority;
    return kAuthority;
}

class TimeStamps : public testing::Test {
protected:
    TimeStamps() : bundle_{gather_contract(chain_, test::record_sample_loan(chain_)).value()} {}

    [[nodiscard]] static Bytes token_over(ByteView data, std::string_view hash) {
        const Bytes request = x509::make_request(data, hash, as_bytes("nonce")).value();
        return x509::token_of_response(authority().reply(request), request).value();
    }
    /// An exporter's addition with so many tokens, each renewing those before.
    void stamp(const std::vector<std::string>& hashes) {
        const Bytes core = encode_core(bundle_);
        AdditionContent content{sha256(core), {}};
        for (const std::string& hash : hashes) {
            content.tokens.push_back(token_over(stamped_bytes(core, content.tokens, content.tokens.size()), hash));
        }
        add(content);
    }
    void add(const AdditionContent& content) {
        const SecretKey key = test::named_key("bank-a/maker-1");
        const auto header = addition_header(chain_.chain_id(), key.public_key().id(), "bank-a");
        bundle_.additions = {{key.public_key(), cose::sign(key, header, encode(content))}};
    }
    [[nodiscard]] AdditionContent content() const {
        return open_addition(bundle_.additions.front(), sha256(encode_core(bundle_)), chain_.chain_id()).value();
    }
    [[nodiscard]] Report verify_now(const x509::WeaknessPolicy& policy = {}) const {
        VerifyOptions options{.genesis_digest = chain_.chain_id()};
        options.time_stamps = x509::judge_time_stamps(bundle_, authority().ca(), policy);
        return verify(encode(bundle_), options);
    }
    [[nodiscard]] static const Check& check_of(const Report& report, std::string_view id) {
        return *std::ranges::find(report.checks, id, &Check::id);
    }

    test::MemoryChain chain_;
    Bundle bundle_;
};

TEST_F(TimeStamps, GiveAnExternalClock) {
    stamp({"sha256"});
    const Report report = verify_now();
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    ASSERT_EQ(report.facts.external_times.size(), 1U);
    const ExternalTimeFact& external = report.facts.external_times.front();
    EXPECT_EQ(external.status, "valid");
    EXPECT_NE(external.authority.find("CN=Test TSA"), std::string::npos);
    EXPECT_EQ(external.algorithm, "sha256");
    EXPECT_EQ(earliest_anchor(report.facts), external.time);
    EXPECT_NE(render_json(report).find("independent_anchor\": \"20"), std::string::npos);
}

TEST_F(TimeStamps, OpensslAcceptsWhatIsExtracted) {
    stamp({"sha256", "sha512"});
    for (const Part& part : extract(bundle_).parts) {
        authority().write(part.name, part.bytes);
    }
    EXPECT_TRUE(authority().run(
        "openssl ts -verify -data core.cbor -in addition-0000-token-0000.der -token_in -CAfile ca.pem"));
    EXPECT_TRUE(
        authority().run("openssl ts -verify -data addition-0000-stamped-0001.cbor -in addition-0000-token-0001.der "
                        "-token_in -CAfile ca.pem"));
    EXPECT_FALSE(authority().run(
        "openssl ts -verify -data genesis.cbor -in addition-0000-token-0000.der -token_in -CAfile ca.pem"));
    for (const SignedPart& each : extract(bundle_).signatures) {
        EXPECT_TRUE(authority().run("openssl dgst -sha256 -verify " + each.key + " -keyform DER -signature " +
                                    each.signature + " " + each.message))
            << each.message;
    }
}

TEST_F(TimeStamps, AreNotCheckedWithoutAnAuthority) {
    stamp({"sha256"});
    const Report report = verify(encode(bundle_), {.genesis_digest = chain_.chain_id()});
    EXPECT_EQ(report.conclusion, Conclusion::valid);
    EXPECT_EQ(check_of(report, "time-stamps").reason, "not-requested");
    EXPECT_TRUE(report.facts.external_times.empty());
}

TEST_F(TimeStamps, AForgedTokenFails) {
    stamp({"sha256"});
    AdditionContent forged = content();
    forged.tokens.front()[forged.tokens.front().size() - 5] ^= 1U;
    add(forged);
    EXPECT_EQ(verify_now().failed_check, "time-stamps");
    forged.tokens.front() = to_bytes(as_bytes("no token"));
    add(forged);
    EXPECT_EQ(verify_now().failed_check, "time-stamps");
}

TEST_F(TimeStamps, TheFirstThatDoesNotHoldIsTheLastThatIsJudged) {
    add({sha256(encode_core(bundle_)), {to_bytes(as_bytes("no token")), to_bytes(as_bytes("nor this"))}});
    const auto judged = x509::judge_time_stamps(bundle_, authority().ca(), {});
    ASSERT_EQ(judged.size(), 1U);
    EXPECT_TRUE(judged.front().error);
    EXPECT_EQ(check_of(verify_now(), "time-stamps").reason, info(judged.front().error->code).name);
}

TEST_F(TimeStamps, AlgorithmsHaveTheNameThatTokensShow) {
    stamp({"sha256"});
    for (const char* const name : {"SHA256", "sha256"}) {
        EXPECT_EQ(x509::digest_name(name).value_or("none"), "sha256") << name;
    }
    EXPECT_EQ(x509::digest_name("sha-1000").error().code, Errc::unknown_algorithm);
}

TEST_F(TimeStamps, ATokenOverAnotherBundleFails) {
    add({sha256(encode_core(bundle_)), {token_over(as_bytes("another bundle"), "sha256")}});
    EXPECT_EQ(verify_now().failed_check, "time-stamps");
}

TEST_F(TimeStamps, AnAuthorityThatNobodyTrustsFails) {
    const test::OpensslAuthority stranger;
    stamp({"sha256"});
    VerifyOptions options{.genesis_digest = chain_.chain_id()};
    options.time_stamps = x509::judge_time_stamps(bundle_, stranger.ca(), {});
    EXPECT_EQ(verify(encode(bundle_), options).failed_check, "time-stamps");
}

TEST_F(TimeStamps, AnAdditionIsSignedAndForThisBundle) {
    stamp({"sha256"});
    AdditionContent other = content();
    other.core = sha256(as_bytes("another"));
    add(other);
    EXPECT_EQ(verify_now().failed_check, "additions");
    stamp({"sha256"});
    bundle_.additions.front().key = test::named_key("bank-a/maker-2").public_key();
    EXPECT_EQ(verify_now().failed_check, "additions");
}

TEST_F(TimeStamps, TakingThemAwayLeavesAValidBundle) {
    const Bytes before = encode(bundle_);
    stamp({"sha256"});
    EXPECT_EQ(encode_core(bundle_), before);
}

TEST_F(TimeStamps, WeakAlgorithmsNeedARenewalInTime) {
    const UnixMs later{4'000'000'000'000};
    stamp({"sha1"});
    const Report weak = verify_now();
    EXPECT_EQ(weak.conclusion, Conclusion::valid);
    EXPECT_EQ(check_of(weak, "time-stamps").verdict, Verdict::not_checked);
    EXPECT_EQ(check_of(weak, "time-stamps").reason, "algorithm-weak-not-renewed");
    EXPECT_TRUE(weak.facts.external_times.empty());

    // Renewed long after SHA-1 fell: too late.
    stamp({"sha1", "sha256"});
    EXPECT_EQ(check_of(verify_now(), "time-stamps").reason, "algorithm-weak-not-renewed");

    // To a reader who holds SHA-256 to be weak only later than now, SHA-512 renewed it in time.
    stamp({"sha256", "sha512"});
    x509::WeaknessPolicy policy;
    policy.weak_since["sha256"] = later;
    // OpenSSL signs with SHA-256, so the reader's doubt reaches the signature of both tokens.
    EXPECT_EQ(check_of(verify_now(policy), "time-stamps").reason, "algorithm-weak-not-renewed");
    EXPECT_EQ(verify_now().facts.external_times.front().status, "valid");
}

TEST_F(TimeStamps, ACertificateThatHasRunOutNeedsARenewalInTime) {
    stamp({"sha256"});
    x509::WeaknessPolicy policy;
    policy.at = UnixMs{4'000'000'000'000};  // The year 2096.
    EXPECT_EQ(check_of(verify_now(policy), "time-stamps").reason, "algorithm-weak-not-renewed");
    policy.at = UnixMs{verify_now().facts.external_times.front().time.raw() + 1000};
    EXPECT_EQ(verify_now(policy).facts.external_times.front().status, "valid");
}

/// The decision itself, from judgements as any caller could make them.
TEST_F(TimeStamps, ValidByRenewalIsSaidOfAChainThatWasCarriedOn) {
    stamp({"sha256", "sha512"});
    VerifyOptions options{.genesis_digest = chain_.chain_id()};
    TimeStampJudgement first{.addition = 0,
                             .token = 0,
                             .error = {},
                             .time = UnixMs{1000},
                             .authority = "A",
                             .algorithm = "sha256",
                             .weak_since = UnixMs{5000}};
    TimeStampJudgement second{
        .addition = 0, .token = 1, .error = {}, .time = UnixMs{4999}, .authority = "B", .algorithm = "sha512"};
    options.time_stamps = {first, second};
    const Report renewed = verify(encode(bundle_), options);
    ASSERT_EQ(renewed.facts.external_times.size(), 1U);
    EXPECT_EQ(renewed.facts.external_times.front().status, "valid-by-renewal");
    EXPECT_EQ(renewed.facts.external_times.front().time, UnixMs{1000});
    second.time = UnixMs{5000};
    options.time_stamps = {first, second};
    EXPECT_EQ(check_of(verify(encode(bundle_), options), "time-stamps").reason, "algorithm-weak-not-renewed");
    second.time = UnixMs{999};
    options.time_stamps = {first, second};
    EXPECT_EQ(verify(encode(bundle_), options).failed_check, "time-stamps");
    options.time_stamps = {first};
    EXPECT_EQ(verify(encode(bundle_), options).failed_check, "time-stamps");
}

TEST_F(TimeStamps, StampAReceiptAsRfc9921Says) {
    contracts::DepositBody deposit;
    deposit.digests = contracts::digests_of(test::sample_document());
    deposit.size_bytes = 1;
    deposit.media_type = "text/plain";
    ASSERT_TRUE(chain_.record("bank-a/maker-1", {{}, deposit, {}}).accepted());
    const Bundle record = gather_record(chain_, chain_.last_transaction()).value();
    const SecretKey key = test::named_key("validator-1");
    CoseReceipt receipt =
        draft_receipt(*record.record, test::sample_genesis().validator_set(), key.public_key().id()).value();
    receipt.signature = key.sign(sha256(signing_bytes(receipt)));
    receipt.time_stamp = token_over(stamped_bytes(receipt), "sha256");
    const CoseReceipt read = decode_cose_receipt(encode(receipt)).value();
    EXPECT_TRUE(x509::verify_token(*read.time_stamp, stamped_bytes(read), authority().ca()));
    receipt.signature[1] ^= 1U;
    EXPECT_FALSE(x509::verify_token(*read.time_stamp, stamped_bytes(receipt), authority().ca()));
}

TEST(TimeStampResponse, IsForItsRequestOnly) {
    const Bytes request = x509::make_request(as_bytes("data"), "sha256", as_bytes("one")).value();
    const Bytes other = x509::make_request(as_bytes("data"), "sha256", as_bytes("two")).value();
    const Bytes response = authority().reply(request);
    EXPECT_TRUE(x509::token_of_response(response, request));
    EXPECT_EQ(x509::token_of_response(response, other).error().code, Errc::evidence_mismatch);
    EXPECT_EQ(x509::token_of_response(as_bytes("x"), request).error().code, Errc::malformed);
    EXPECT_EQ(x509::make_request(as_bytes("data"), "nonsense", {}).error().code, Errc::unknown_algorithm);
}

}  // namespace
}  // namespace probatum::evidence
