// The commands in process, against a node of one machine behind a real JSON-RPC port.

#include "tools/cli.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text_encoding.h"
#include "contracts/genesis.h"
#include "fake_service.h"
#include "node/machine.h"
#include "rpc/server.h"
#include "tools/keys.h"

namespace probatum::tools {
namespace {

using rpc::Json;
const std::filesystem::path kSource{PROBATUM_SOURCE_DIR};

struct Answer {
    int code;
    std::string out;
    std::string err;
    [[nodiscard]] Json json() const { return Json::parse(out); }
    [[nodiscard]] Json error() const { return Json::parse(err)["error"]; }
};

/// Transactions are signed under this machine's clock, so the chain's must agree with it.
contracts::Genesis genesis_now() {
    contracts::Genesis out = test::sample_genesis();
    out.time = node::wall_clock();
    return out;
}

class CliTest : public ::testing::Test {
protected:
    test::FakeService service{genesis_now()};
    rpc::Server server{service, {.port = 0}};
    std::string url;
    std::filesystem::path folder;

    void SetUp() override {
        url = "http://127.0.0.1:" + std::to_string(*server.start());
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-cli-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        std::filesystem::create_directories(folder / "keys");
        write("keys/passphrase", "open sesame\n", true);
        write("genesis.digest", to_hex(service.chain_id()) + "\n");
        write("nodes.txt", url + "\n");
        for (const contracts::Member& member : service.genesis().members) {
            const std::string name = member.organisation + "/" + member.id;
            ASSERT_TRUE(save_key(key(name), test::named_key(name),
                                 {.organisation = member.organisation, .name = member.id}, "open sesame",
                                 {.log2_n = 10}));
        }
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, std::string_view text, bool secret = false) {
        ASSERT_TRUE(node::write_file(folder / name, as_bytes(text), secret));
    }
    [[nodiscard]] std::filesystem::path key(std::string name) const {
        std::ranges::replace(name, '/', '.');
        return folder / "keys" / (name + ".key");
    }
    Answer call(std::vector<std::string> arguments) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = run(std::move(arguments), {out, err, false});
        return {code, out.str(), err.str()};
    }
    Answer as(const std::string& member, std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--key", key(member).string(), "--json", "--lang", "en"});
        return call(std::move(arguments));
    }
};

TEST_F(CliTest, NotarisesAFileAndVerifiesTheReceiptHere) {
    write("receipt.txt", "paid");
    const Answer done = as(
        "bank-a/maker-1", {"evidence", "notarize", (folder / "receipt.txt").string(), "--reference", "bank-receipt=7"});
    ASSERT_EQ(done.code, kExitYes) << done.err;
    EXPECT_EQ(done.json()["verified_against"], to_hex(service.chain_id()));
    EXPECT_TRUE(done.json()["genesis_pinned"].get<bool>());
    const Answer found = call({"evidence", "get", (folder / "receipt.txt").string(), "--node", url, "--json"});
    ASSERT_EQ(found.code, kExitYes) << found.err;
    const Json body = found.json()["records"][0]["content"]["body"];
    EXPECT_EQ(body["digests"]["sm3"], to_hex(sm3(as_bytes("paid"))));
    EXPECT_EQ(body["provenance"]["references"][0]["value"], "7");
    EXPECT_EQ(
        call({"tx", "get", done.json()["transaction"], "--node", url, "--genesis-digest", to_hex(service.chain_id())})
            .code,
        kExitYes);
}

TEST_F(CliTest, ANodeOfAnotherNetworkIsNotBelieved) {
    write("receipt.txt", "paid");
    const Answer refused = as("bank-a/maker-1", {"evidence", "notarize", (folder / "receipt.txt").string(),
                                                 "--genesis-digest", std::string(64, '1')});
    EXPECT_EQ(refused.code, kExitFailed);
    EXPECT_EQ(refused.error()["name"], "wrong_genesis");
}

TEST_F(CliTest, RegistersSignsAndReadsALoan) {
    const std::string terms = (kSource / "docs/samples/loan-terms.json").string();
    const std::string document = (kSource / "docs/samples/loan-contract.pdf").string();
    const Answer registered = as("bank-a/maker-1", {"contract", "register", terms, "--document", document});
    ASSERT_EQ(registered.code, kExitYes) << registered.err << registered.out;
    const std::string number = "HDSF-2025-LD-0317";
    for (const char* const member : {"bank-a/maker-1", "trader-b/cfo-1"}) {
        const Answer signed_by = as(member, {"contract", "sign", number, "--document", document});
        EXPECT_EQ(signed_by.code, kExitYes) << signed_by.err << signed_by.out;
    }
    EXPECT_EQ(as("bank-a/maker-1", {"contract", "approve", number}).code, kExitYes);
    EXPECT_EQ(as("bank-a/checker-1", {"contract", "approve", number}).code, kExitYes);
    const Answer active = as("bank-a/checker-1", {"contract", "activate", number});
    EXPECT_EQ(active.code, kExitYes) << active.err << active.out;
    const Answer too_much = as("bank-a/maker-1", {"fund", "disburse", number, "--amount", "9000000.00", "--bank",
                                                  "bank-s", "--bank-ref", "R-0"});
    EXPECT_EQ(too_much.code, kExitNo) << too_much.err;
    EXPECT_EQ(too_much.json()["receipt"]["outcome"]["name"], "over_disbursement") << too_much.out;
    const Answer paid = as("bank-a/maker-1", {"fund", "disburse", number, "--amount", "100000.00", "--bank", "bank-s",
                                              "--bank-ref", "R-1"});
    EXPECT_EQ(paid.code, kExitYes) << paid.err << paid.out;
    const Answer answered = as("trader-b/cfo-1", {"fund", "acknowledge", number, "--amount", "100000.00", "--bank",
                                                  "bank-s", "--bank-ref", "R-1"});
    EXPECT_EQ(answered.code, kExitYes) << answered.err << answered.out;
    const Answer contract = call({"contract", "get", number, "--node", url, "--json"});
    ASSERT_EQ(contract.code, kExitYes) << contract.err;
    EXPECT_EQ(contract.json()["status"], "active");
    EXPECT_EQ(contract.json()["disbursements"]["acknowledged"], "100000.00");
    const Answer history = call({"contract", "history", number, "--node", url, "--json"});
    EXPECT_EQ(history.json()["events"].size(), 8U);
    const Answer refused = call({"contract", "history", number, "--refused", "--node", url, "--json"});
    EXPECT_EQ(refused.json()["events"].size(), 1U);
    EXPECT_EQ(call({"contract", "list", "--bank", "bank-s", "--bank-ref", "R-1", "--node", url, "--json"})
                  .json()["contracts"]
                  .size(),
              1U);
    const std::string bundle = (folder / "case.evidence").string();
    const Answer taken = call({"evidence", "bundle", number, "--out", bundle, "--node", url});
    ASSERT_EQ(taken.code, kExitYes) << taken.err;
    const std::string genesis = to_hex(service.chain_id());
    const Answer valid = call({"verify", bundle, "--genesis-digest", genesis, "--document", document, "--json"});
    EXPECT_EQ(valid.code, 0) << valid.out;
    EXPECT_EQ(call({"verify", bundle, "--genesis-digest", genesis, "--document", terms}).code, 1);
    EXPECT_EQ(call({"verify", terms, "--genesis-digest", genesis}).code, 2);
}

TEST_F(CliTest, TheFileThatIsSignedMustBeTheRegisteredOne) {
    const std::string terms = (kSource / "docs/samples/loan-terms.json").string();
    ASSERT_EQ(as("bank-a/maker-1", {"contract", "register", terms, "--document", terms}).code, kExitYes);
    write("other.pdf", "another contract");
    const Answer refused =
        as("bank-a/maker-1", {"contract", "sign", "HDSF-2025-LD-0317", "--document", (folder / "other.pdf").string()});
    EXPECT_EQ(refused.code, kExitFailed);
    EXPECT_EQ(refused.error()["name"], "document_mismatch");
}

TEST_F(CliTest, AWrongTermNamesItsMember) {
    Json terms = Json::parse(std::ifstream{kSource / "docs/samples/loan-terms.json"});
    terms["terms"]["rows"][2]["principal"] = 5;
    write("terms.json", terms.dump());
    const Answer refused = as("bank-a/maker-1", {"contract", "register", (folder / "terms.json").string(), "--document",
                                                 (folder / "terms.json").string()});
    EXPECT_EQ(refused.code, kExitFailed);
    EXPECT_EQ(refused.error()["field"], "terms.rows[2].principal");
}

TEST_F(CliTest, ErrorsSpeakTheLanguageAsked) {
    const Answer chinese = call({"tx", "get", std::string(64, '0'), "--node", url, "--lang", "zh"});
    EXPECT_EQ(chinese.code, kExitNo);
    EXPECT_NE(chinese.err.find("没有相应记录"), std::string::npos) << chinese.err;
    const Answer english = call({"tx", "get", std::string(64, '0'), "--node", url, "--lang", "en"});
    EXPECT_NE(english.err.find("Nothing is recorded under this id"), std::string::npos);
    EXPECT_NE(english.err.find("remedy"), std::string::npos);
}

TEST_F(CliTest, WhatCannotBeDoneIsExitTwo) {
    EXPECT_EQ(call({"status", "--node", "http://127.0.0.1:1"}).code, kExitFailed);
    EXPECT_EQ(call({"no-such-command"}).code, kExitFailed);
    EXPECT_EQ(call({}).code, kExitFailed);
    EXPECT_EQ(call({"verify", "nothing.evidence", "--genesis-digest", "00"}).code, kExitFailed);
    EXPECT_EQ(call({"--help"}).code, kExitYes);
}

TEST_F(CliTest, StatusIsANoWhileTheNodeIsNotReady) {
    EXPECT_EQ(call({"status", "--node", url}).code, kExitNo);
    service.answered.ready = true;
    EXPECT_EQ(call({"status", "--node", url}).code, kExitYes);
}

TEST_F(CliTest, KeysAreMadeEncryptedAndNeverWrittenOver) {
    const std::string file = (folder / "new.key").string();
    write("secret", "a passphrase\n", true);
    const std::vector<std::string> arguments{"key",
                                             "new",
                                             "--out",
                                             file,
                                             "--organisation",
                                             "bank-a",
                                             "--name",
                                             "maker-9",
                                             "--passphrase-file",
                                             (folder / "secret").string(),
                                             "--json"};
    const Answer made = call(arguments);
    ASSERT_EQ(made.code, kExitYes) << made.err;
    EXPECT_EQ(std::filesystem::status(file).permissions() & std::filesystem::perms::others_all,
              std::filesystem::perms::none);
    EXPECT_EQ(call({"key", "show", file, "--json"}).json()["key_id"], made.json()["key_id"]);
    const Answer again = call(arguments);
    EXPECT_EQ(again.code, kExitFailed);
    EXPECT_EQ(again.error()["name"], "already_exists");
}

TEST(Manual, EveryCommandHasAnExampleAndTheSameOptionsInBothLanguages) {
    const std::string english = manual(Language::english);
    const std::string chinese = manual(Language::chinese);
    const auto count = [](const std::string& text, std::string_view what) {
        std::size_t out = 0;
        for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
            ++out;
        }
        return out;
    };
    EXPECT_EQ(count(english, "Example:"), count(chinese, "示例："));
    EXPECT_GT(count(english, "Example:"), 20U);
    EXPECT_EQ(count(english, "\n  --"), count(chinese, "\n  --"));
    EXPECT_EQ(chinese.find("Example:"), std::string::npos);
}

/// PROBATUM_UPDATE_DOCS=1 writes the part below the mark anew.
TEST(Manual, ThePublishedPageIsFresh) {
    const auto file = kSource / "docs/cli.md";
    std::stringstream text;
    text << std::ifstream{file}.rdbuf();
    const std::string page = text.str();
    const auto mark = page.find("<!-- Everything below");
    ASSERT_NE(mark, std::string::npos);
    const std::string expected = page.substr(0, page.find('\n', mark) + 1) + "\n" + manual(Language::english);
    if (std::getenv("PROBATUM_UPDATE_DOCS") != nullptr) {
        std::ofstream{file} << expected;
    }
    std::stringstream now;
    now << std::ifstream{file}.rdbuf();
    EXPECT_EQ(now.str(), expected) << "run unit_tools with PROBATUM_UPDATE_DOCS=1";
}

}  // namespace
}  // namespace probatum::tools
