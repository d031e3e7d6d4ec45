// A genesis from many hands, over files, with the commands that people type.

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "base/text_encoding.h"
#include "contracts/genesis_approval.h"
#include "node/config.h"
#include "node/machine.h"
#include "tools/cli.h"
#include "tools/keys.h"

namespace probatum::tools {
namespace {

using Path = std::filesystem::path;

struct Answer {
    int code;
    std::string out;
    std::string err;
};

class CeremonyTest : public ::testing::Test {
protected:
    const std::vector<std::string> banks{"bank-a", "bank-b", "bank-c", "bank-d"};
    Path folder;

    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-ceremony-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        for (const std::string& bank : banks) {
            std::filesystem::create_directories(folder / bank);
            ASSERT_TRUE(node::write_file(folder / bank / "passphrase", as_bytes("of " + bank + "\n"), true));
            for (const char* const name : {"identity", "governor", "recovery"}) {
                ASSERT_TRUE(save_key(folder / bank / (std::string{name} + ".key"), make_key(),
                                     {.organisation = bank, .name = name}, "of " + bank, {.log2_n = 10}));
            }
        }
        ASSERT_EQ(call({"genesis", "new", "--chain-name", "trade", "--threshold", "3", "--recovery-threshold", "3",
                        "--out", at("genesis.plan")})
                      .code,
                  0);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    [[nodiscard]] std::string at(const Path& name) const { return (folder / name).string(); }
    [[nodiscard]] static std::string port_of(const std::string& bank) {
        return std::to_string(7100 + bank.back() - 'a');
    }
    static Answer call(std::vector<std::string> arguments) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = run(std::move(arguments), {out, err, false});
        return {code, out.str(), err.str()};
    }
    Answer join(const std::string& bank, const std::string& address) {
        return call({"genesis", "join-request", "--plan", at("genesis.plan"), "--organisation", bank, "--name",
                     "Bank " + bank, "--key", at(Path{bank} / "identity.key"), "--peer-address", address, "--member",
                     "governor-1:" + at(Path{bank} / "governor.key") + ":consortium-governor", "--recovery-key",
                     at(Path{bank} / "recovery.key"), "--out", at(bank + ".join")});
    }
    void join_all() {
        for (const std::string& bank : banks) {
            const Answer answer = join(bank, "127.0.0.1:" + port_of(bank));
            ASSERT_EQ(answer.code, 0) << answer.err;
        }
    }
    Answer assemble_all(const std::string& out = "net") {
        std::vector<std::string> arguments{"genesis", "assemble", "--plan", at("genesis.plan"), "--out", at(out)};
        for (const std::string& bank : banks) {
            arguments.insert(arguments.end(), {"--request", at(bank + ".join")});
        }
        return call(std::move(arguments));
    }
    Answer approve(const std::string& bank, const std::string& with = "identity.key") {
        return call({"genesis", "approve", "--genesis", at("net/genesis.cbor"), "--request", at(bank + ".join"),
                     "--key", at(Path{bank} / with), "--out", at("net/approvals/" + bank + ".approval"), "--yes"});
    }
};

TEST_F(CeremonyTest, FourOrganisationsBeginANetworkAndNoKeyLeavesItsFolder) {
    join_all();
    const Answer assembled = assemble_all();
    ASSERT_EQ(assembled.code, 0) << assembled.err;
    const Bytes genesis_bytes = node::read_file(folder / "net/genesis.cbor").value();
    const contracts::Genesis genesis = contracts::decode_genesis(genesis_bytes).value();
    const Digest digest = contracts::chain_id_of(genesis_bytes);
    EXPECT_NE(assembled.out.find(to_hex(digest)), std::string::npos);
    EXPECT_EQ(genesis.recovery_authorities.size(), 4U);

    std::vector<Bytes> approvals;
    for (const std::string& bank : banks) {
        EXPECT_FALSE(contracts::missing_approvals(genesis, digest, approvals).empty());
        const Answer approved = approve(bank);
        ASSERT_EQ(approved.code, 0) << approved.err;
        approvals.push_back(node::read_file(folder / ("net/approvals/" + bank + ".approval")).value());
    }
    EXPECT_TRUE(contracts::missing_approvals(genesis, digest, approvals).empty());

    for (const std::string& bank : banks) {
        const Answer made =
            call({"genesis", "configure", "--genesis", at("net/genesis.cbor"), "--peers", at("net/peers.txt"), "--key",
                  at(Path{bank} / "identity.key"), "--out", at(Path{bank} / "node"), "--rpc", "127.0.0.1:8100"});
        ASSERT_EQ(made.code, 0) << made.err;
        const auto config = node::load_config(folder / bank / "node/node.toml");
        ASSERT_TRUE(config) << config.error().to_string();
        EXPECT_EQ(config->listen.to_string(), "127.0.0.1:" + port_of(bank));
        EXPECT_EQ(config->peers.size(), 3U);
        EXPECT_TRUE(std::filesystem::exists(config->tls_binding_file));
        EXPECT_TRUE(std::filesystem::exists(config->genesis_file));
    }
}

TEST_F(CeremonyTest, TwoThatBringTheSameAddressAreNamedAndNothingIsWritten) {
    join_all();
    std::filesystem::remove(folder / "bank-c.join");
    ASSERT_EQ(join("bank-c", "127.0.0.1:7100").code, 0);
    const Answer assembled = assemble_all();
    EXPECT_EQ(assembled.code, 2);
    EXPECT_NE(assembled.err.find("bank-c: peer_address"), std::string::npos) << assembled.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "net"));
}

TEST_F(CeremonyTest, AMissingFileIsNamed) {
    join_all();
    std::filesystem::remove(folder / "bank-d.join");
    const Answer assembled = assemble_all();
    EXPECT_EQ(assembled.code, 2);
    EXPECT_NE(assembled.err.find("bank-d.join"), std::string::npos) << assembled.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "net"));
}

TEST_F(CeremonyTest, ARequestUnderAnotherPlanIsNamed) {
    join_all();
    ASSERT_EQ(call({"genesis", "new", "--chain-name", "another", "--threshold", "3", "--out", at("other.plan")}).code,
              0);
    const Answer assembled =
        call({"genesis", "assemble", "--plan", at("other.plan"), "--request", at("bank-a.join"), "--out", at("net")});
    EXPECT_EQ(assembled.code, 2);
    EXPECT_NE(assembled.err.find("bank-a: plan"), std::string::npos) << assembled.err;
}

TEST_F(CeremonyTest, NothingIsWrittenOver) {
    join_all();
    EXPECT_EQ(join("bank-a", "127.0.0.1:7999").code, 2);
    ASSERT_EQ(assemble_all().code, 0);
    EXPECT_EQ(assemble_all().code, 2);
    ASSERT_EQ(approve("bank-a").code, 0);
    EXPECT_EQ(approve("bank-a").code, 2);
}

TEST_F(CeremonyTest, NobodyApprovesAGenesisThatMisquotesItOrWithAnotherKey) {
    join_all();
    ASSERT_EQ(assemble_all().code, 0);
    EXPECT_EQ(approve("bank-a", "governor.key").code, 2);
    EXPECT_FALSE(std::filesystem::exists(folder / "net/approvals/bank-a.approval"));
    contracts::Genesis genesis =
        contracts::decode_genesis(node::read_file(folder / "net/genesis.cbor").value()).value();
    genesis.members[1].key = make_key().public_key();  // Somebody else's governor for bank-b.
    ASSERT_TRUE(node::write_file(folder / "net/genesis.cbor", contracts::encode(genesis)));
    const Answer answer = approve("bank-b");
    EXPECT_NE(answer.code, 0);
    EXPECT_NE(answer.err.find("bank-b: members"), std::string::npos) << answer.err;
    EXPECT_EQ(approve("bank-a").code, 0);  // Its own part is as it was; the digest differs for everybody to see.
}

TEST_F(CeremonyTest, AMemberWithAnUnknownRoleIsNamed) {
    const Answer answer = call({"genesis", "join-request", "--plan", at("genesis.plan"), "--organisation", "bank-a",
                                "--name", "A", "--key", at("bank-a/identity.key"), "--peer-address", "127.0.0.1:7100",
                                "--member", "x:" + at("bank-a/governor.key") + ":king", "--out", at("x.join")});
    EXPECT_EQ(answer.code, 2);
    EXPECT_NE(answer.err.find("king"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder / "x.join"));
}

}  // namespace
}  // namespace probatum::tools
