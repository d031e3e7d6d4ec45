// What is done with an evidence file at hand: no node, no network. The golden bundles are the files.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text_encoding.h"
#include "evidence/batch.h"
#include "evidence/bundle.h"
#include "evidence/cose_receipt.h"
#include "evidence/gather.h"
#include "node/machine.h"
#include "openssl_authority.h"
#include "rpc/json.h"
#include "sample_loan.h"
#include "tools/cli.h"
#include "tools/keys.h"
#include "tsa_server.h"

namespace probatum::tools {
namespace {

const std::filesystem::path kBundles = std::filesystem::path{PROBATUM_SOURCE_DIR} / "tests/vectors/bundles";

struct Answer {
    int code;
    std::string out, err;
};

class EvidenceCli : public testing::Test {
protected:
    std::filesystem::path folder;
    std::string genesis;

    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-evidence-XXXXXX").string();
        folder = mkdtemp(pattern.data());
        std::ifstream{kBundles / "genesis-digest.txt"} >> genesis;
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    static Answer call(std::vector<std::string> arguments) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = run(std::move(arguments), {out, err, false});
        return {code, out.str(), err.str()};
    }
    [[nodiscard]] Answer verify(const std::string& file, std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"verify", file, "--genesis-digest", genesis};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return call(std::move(arguments));
    }
    [[nodiscard]] std::string at(const std::string& name) const { return (folder / name).string(); }
    [[nodiscard]] static std::string golden(const std::string& name) { return (kBundles / name).string(); }
    void make_key(const std::string& name) const {
        std::ofstream{folder / "passphrase"} << "open sesame\n";
        std::filesystem::permissions(folder / "passphrase", std::filesystem::perms::owner_read);
        const auto slash = name.find('/');
        ASSERT_TRUE(save_key(folder / "one.key", test::named_key(name),
                             {.organisation = name.substr(0, slash), .name = name.substr(slash + 1)}, "open sesame",
                             {.log2_n = 10}));
    }
};

TEST_F(EvidenceCli, ReportsInBothLanguagesUnlessOneIsNamed) {
    const Answer both = verify(golden("loan.evidence"));
    EXPECT_EQ(both.code, kExitYes) << both.err;
    EXPECT_NE(both.out.find("证据包"), std::string::npos);
    EXPECT_NE(both.out.find("WHAT IS NOT PROVEN"), std::string::npos);
    EXPECT_EQ(verify(golden("loan.evidence"), {"--lang", "en"}).out.find("证据包"), std::string::npos);
    EXPECT_EQ(verify(golden("loan.evidence"), {"--lang", "zh"}).out.find("WHAT IS NOT PROVEN"), std::string::npos);
}

TEST_F(EvidenceCli, RefusesAStaleBundleByName) {
    const Answer stale = verify(golden("loan.evidence"), {"--min-height", "1000000", "--json"});
    EXPECT_EQ(stale.code, kExitNo);
    EXPECT_EQ(rpc::Json::parse(stale.out)["failed_check"], "freshness");
    EXPECT_EQ(verify(golden("loan.evidence"), {"--not-before", "2099-01-01T00:00:00Z"}).code, kExitNo);
    EXPECT_EQ(verify(golden("loan.evidence"), {"--min-height", "1"}).code, kExitYes);
}

TEST_F(EvidenceCli, OptionsThatWouldChangeNothingAreRefused) {
    EXPECT_EQ(verify(golden("loan.evidence"), {"--weak", "sha256=2040-01-01T00:00:00Z"}).code, kExitFailed);
    EXPECT_EQ(verify(golden("loan.evidence"), {"--at", "2040-01-01T00:00:00Z"}).code, kExitFailed);
    EXPECT_EQ(verify(golden("loan.evidence"), {"--batch-proof", golden("loan.evidence")}).code, kExitFailed);
    const test::OpensslAuthority authority;
    const std::string ca = (authority.folder() / "ca.pem").string();
    EXPECT_EQ(verify(golden("loan.evidence"), {"--tsa-ca", ca, "--weak", "SHA256=2040-01-01T00:00:00Z"}).code,
              kExitYes);
    EXPECT_EQ(verify(golden("loan.evidence"), {"--tsa-ca", ca, "--weak", "sha-257=2040-01-01T00:00:00Z"}).code,
              kExitFailed)
        << "no name of an algorithm";
}

TEST_F(EvidenceCli, WritesTheOtherForms) {
    EXPECT_TRUE(verify(golden("loan.evidence"), {"--html"}).out.starts_with("<!DOCTYPE html>"));
    EXPECT_NE(verify(golden("loan.evidence"), {"--explain", "--lang", "en"}).out.find("none left out"),
              std::string::npos);
    EXPECT_TRUE(verify(golden("record.evidence"), {"--trace"}).out.starts_with("sha-256 genesis\n  in  "));
    std::ofstream{folder / "laws.json"} << R"({"event-log": {"en": "House rule 3", "zh": "仲裁规则三"}})";
    EXPECT_NE(verify(golden("loan.evidence"), {"--explain", "--laws", at("laws.json")}).out.find("House rule 3"),
              std::string::npos);
    std::ofstream{folder / "bad.json"} << "[]";
    EXPECT_EQ(verify(golden("loan.evidence"), {"--explain", "--laws", at("bad.json")}).code, kExitFailed);
}

TEST_F(EvidenceCli, ComparesTwoBundles) {
    const Answer same =
        call({"verify", golden("loan.evidence"), golden("loan.evidence"), "--genesis-digest", genesis, "--json"});
    EXPECT_EQ(same.code, kExitYes) << same.err;
    EXPECT_EQ(rpc::Json::parse(same.out)["result"], "consistent");
    EXPECT_EQ(call({"verify", golden("loan.evidence"), golden("loan.evidence"), golden("loan.evidence"),
                    "--genesis-digest", genesis})
                  .code,
              kExitFailed);
}

TEST_F(EvidenceCli, ExtractsIntoAnEmptyFolderOnly) {
    const Answer done = call({"evidence", "extract", golden("loan.evidence"), "--out", at("parts")});
    ASSERT_EQ(done.code, kExitYes) << done.err;
    EXPECT_TRUE(std::filesystem::exists(folder / "parts/index.json"));
    EXPECT_TRUE(std::filesystem::exists(folder / "parts/event-0000-statement.cose"));
    EXPECT_EQ(call({"evidence", "extract", golden("loan.evidence"), "--out", at("parts")}).code, kExitFailed);
}

TEST_F(EvidenceCli, DisclosesChosenFields) {
    const Answer done = call({"evidence", "disclose", golden("loan.evidence"), "--reveal", "amount,value_date", "--out",
                              at("shown.evidence"), "--lang", "en"});
    ASSERT_EQ(done.code, kExitYes) << done.err;
    EXPECT_NE(done.out.find("hidden bank_reference"), std::string::npos);
    const Answer report = verify(at("shown.evidence"), {"--json"});
    EXPECT_EQ(report.code, kExitYes);
    EXPECT_FALSE(rpc::Json::parse(report.out)["facts"]["hidden_fields"].empty());
    EXPECT_EQ(call({"evidence", "disclose", golden("loan.evidence"), "--reveal", "colour", "--out", at("x")}).code,
              kExitFailed);
}

TEST_F(EvidenceCli, PreparesABatchAndGoesOnAfterAnInterruption) {
    std::filesystem::create_directories(folder / "docs/deep");
    for (int i = 0; i < 20; ++i) {
        std::ofstream{folder / "docs" / (i % 2 == 0 ? "deep" : ".") / ("doc-" + std::to_string(i))} << "document "
                                                                                                    << i % 15;
    }
    const auto prepare = [&] {
        return call({"evidence", "notarize-batch", at("docs"), "--out", at("out"), "--prepare-only", "--json"});
    };
    const Answer first = prepare();
    ASSERT_EQ(first.code, kExitYes) << first.err;
    EXPECT_EQ(rpc::Json::parse(first.out)["count"], 15) << "the same content once";
    // The cache is cut off in the middle of a line, as when the program was killed.
    std::filesystem::resize_file(folder / "out/digests.csv",
                                 std::filesystem::file_size(folder / "out/digests.csv") / 2);
    std::filesystem::remove_all(folder / "out/proofs");
    EXPECT_EQ(prepare().out, first.out);
    std::size_t proofs = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder / "out/proofs"}) {
        proofs += entry.is_regular_file() ? 1 : 0;
        if (entry.is_regular_file()) {
            EXPECT_TRUE(evidence::verify_batch_proof(
                evidence::decode_batch_proof(node::read_file(entry.path()).value()).value()));
        }
    }
    EXPECT_EQ(proofs, 15U);
    // A document that was changed since is read again.
    std::ofstream{folder / "docs/doc-1"} << "something else altogether";
    EXPECT_NE(prepare().out, first.out);
}

TEST_F(EvidenceCli, TakesABatchOfDigestsFromCsv) {
    std::ofstream{folder / "list.csv"} << "sha-256,sm3,size,name\r\n"
                                       << std::string(64, 'a') << ',' << std::string(64, 'b')
                                       << ",12,\"a, \"\"b\"\"\"\n";
    const Answer done =
        call({"evidence", "notarize-batch", at("list.csv"), "--out", at("out"), "--prepare-only", "--json"});
    ASSERT_EQ(done.code, kExitYes) << done.err;
    EXPECT_EQ(rpc::Json::parse(done.out)["count"], 1);
    std::ofstream{folder / "bad.csv"} << "sha-256,sm3,size,name\nxyz\n";
    EXPECT_EQ(call({"evidence", "notarize-batch", at("bad.csv"), "--out", at("out"), "--prepare-only"}).code,
              kExitFailed);
}

TEST_F(EvidenceCli, IssuesAndChecksAReceipt) {
    make_key("validator-0");
    const Answer issued = call({"evidence", "receipt", golden("record.evidence"), "--key", at("one.key"),
                                "--genesis-digest", genesis, "--out", at("record.cose")});
    ASSERT_EQ(issued.code, kExitYes) << issued.err;
    EXPECT_EQ(node::read_file(folder / "record.cose").value(), node::read_file(kBundles / "record.cose").value());
    EXPECT_EQ(call({"evidence", "check-receipt", at("record.cose"), "--bundle", golden("loan.evidence"),
                    "--genesis-digest", genesis})
                  .code,
              kExitYes);
    EXPECT_EQ(call({"evidence", "receipt", golden("loan.evidence"), "--key", at("one.key"), "--genesis-digest", genesis,
                    "--out", at("x")})
                  .code,
              kExitFailed)
        << "a receipt is for one record";
}

TEST_F(EvidenceCli, AReceiptSaysHowTheTransactionEnded) {
    test::MemoryChain chain;
    const Digest contract = test::record_active_loan(chain);
    ASSERT_FALSE(chain.record("bank-a/maker-1", {contract, contracts::ActivateBody{}, {}}).accepted());
    const evidence::Bundle bundle = evidence::gather_record(chain, chain.last_transaction()).value();
    ASSERT_TRUE(node::write_file(folder / "refused.evidence", evidence::encode(bundle)));
    const std::string digest = to_hex(chain.chain_id());
    make_key("validator-0");
    ASSERT_EQ(call({"evidence", "receipt", at("refused.evidence"), "--key", at("one.key"), "--genesis-digest", digest,
                    "--out", at("refused.cose")})
                  .code,
              kExitYes);
    std::vector<std::string> check{"evidence", "check-receipt",        at("refused.cose"),
                                   "--bundle", at("refused.evidence"), "--lang",
                                   "en",       "--genesis-digest",     digest};
    const Answer text = call(check);
    EXPECT_EQ(text.code, kExitYes) << text.err;
    EXPECT_NE(text.out.find("REFUSED"), std::string::npos) << text.out;
    check.emplace_back("--json");
    const rpc::Json said = rpc::Json::parse(call(check).out)["receipts"][0];
    EXPECT_EQ(said["outcome"]["accepted"], false);
    EXPECT_EQ(said["time_stamp"], "none");
    // A token that nobody checked is not the same as none.
    evidence::TransparentStatement statement =
        evidence::decode_transparent(node::read_file(folder / "refused.cose").value()).value();
    statement.receipts.front().time_stamp = to_bytes(as_bytes("no token at all"));
    ASSERT_TRUE(node::write_file(folder / "refused.cose", evidence::encode(statement)));
    EXPECT_EQ(rpc::Json::parse(call(check).out)["receipts"][0]["time_stamp"], "not-checked");
}

TEST_F(EvidenceCli, StampsAndRenewsByFiles) {
    const test::OpensslAuthority authority;
    make_key("bank-a/maker-1");
    authority.write("ca-copy.pem", authority.ca());
    const std::string ca = (authority.folder() / "ca-copy.pem").string();
    const auto stamp = [&](const std::string& verb, const std::string& from, const std::string& to) {
        EXPECT_EQ(call({"evidence", verb, from, "--query-out", at("query.tsq")}).code, kExitYes);
        const Bytes reply = authority.reply(node::read_file(folder / "query.tsq").value());
        EXPECT_TRUE(node::write_file(folder / "reply.tsr", reply));
        return call(
            {"evidence", verb, from, "--reply", at("reply.tsr"), "--key", at("one.key"), "--tsa-ca", ca, "--out", to});
    };
    const Answer stamped = stamp("timestamp", golden("loan.evidence"), at("stamped.evidence"));
    ASSERT_EQ(stamped.code, kExitYes) << stamped.err;
    const Answer renewed = stamp("renew", at("stamped.evidence"), at("renewed.evidence"));
    ASSERT_EQ(renewed.code, kExitYes) << renewed.err;
    const Answer report = verify(at("renewed.evidence"), {"--tsa-ca", ca, "--json"});
    EXPECT_EQ(report.code, kExitYes) << report.err;
    const rpc::Json external = rpc::Json::parse(report.out)["facts"]["times"]["external"];
    ASSERT_EQ(external.size(), 1U);
    EXPECT_EQ(external[0]["tokens"], 2);
    EXPECT_EQ(external[0]["status"], "valid");
    EXPECT_EQ(call({"evidence", "renew", golden("loan.evidence"), "--query-out", at("q")}).code, kExitFailed);
    EXPECT_EQ(call({"evidence", "timestamp", golden("loan.evidence"), "--tsa", "https://x/", "--key", at("one.key"),
                    "--out", at("x")})
                  .code,
              kExitFailed)
        << "only http";
}

TEST_F(EvidenceCli, AsksAnAuthorityOverHttp) {
    const test::OpensslAuthority authority;
    make_key("bank-a/maker-1");
    {
        const test::TsaServer server{authority};
        const Answer stamped =
            call({"evidence", "timestamp", golden("record.evidence"), "--tsa", server.url(), "--key", at("one.key"),
                  "--tsa-ca", (authority.folder() / "ca.pem").string(), "--out", at("stamped.evidence")});
        ASSERT_EQ(stamped.code, kExitYes) << stamped.err;
    }
    const Answer report =
        verify(at("stamped.evidence"), {"--tsa-ca", (authority.folder() / "ca.pem").string(), "--lang", "en"});
    EXPECT_EQ(report.code, kExitYes);
    EXPECT_NE(report.out.find("CN=Test TSA"), std::string::npos);
    EXPECT_EQ(call({"evidence", "timestamp", golden("record.evidence"), "--tsa", "http://127.0.0.1:1/", "--key",
                    at("one.key"), "--out", at("x")})
                  .code,
              kExitFailed)
        << "nobody listens there";
}

TEST_F(EvidenceCli, PrintsACertificateAndVerifiesIt) {
    const Answer made = call(
        {"evidence", "certificate", golden("loan.evidence"), "--genesis-digest", genesis, "--out", at("case.pdf")});
    if (made.code != kExitYes && made.err.find("fonts") != std::string::npos) {
        GTEST_SKIP() << "the fonts of the certificate are not installed";
    }
    ASSERT_EQ(made.code, kExitYes) << made.err;
    const Answer report = verify(at("case.pdf"), {"--json"});
    EXPECT_EQ(report.code, kExitYes) << report.out;
    EXPECT_NE(report.out.find("printed-pages"), std::string::npos);
    ASSERT_EQ(call({"evidence", "detach", at("case.pdf"), "--out", at("case.evidence")}).code, kExitYes);
    EXPECT_EQ(node::read_file(folder / "case.evidence").value(), node::read_file(kBundles / "loan.evidence").value());
}

}  // namespace
}  // namespace probatum::tools
