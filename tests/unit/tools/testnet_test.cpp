#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tools/keys.h"
#include "tools/testnet_layout.h"
#include "tools/testnet_process.h"

namespace probatum::tools {
namespace {

class TestNetTest : public ::testing::Test {
protected:
    std::filesystem::path folder;
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-net-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
};

TEST_F(TestNetTest, HasAnIdentityForEveryRole) {
    ASSERT_TRUE(write_test_net(folder, 4));
    const auto net = load_test_net(folder);
    ASSERT_TRUE(net) << net.error().to_string();
    std::set<contracts::Role> roles;
    std::ostringstream nowhere;
    const Session session{{nowhere, nowhere}};
    for (const auto& identity : net->identities) {
        roles.insert(identity.roles.begin(), identity.roles.end());
        const auto opened = open_key(session, identity.key, std::nullopt);
        ASSERT_TRUE(opened) << opened.error().to_string();
        EXPECT_EQ(opened->label.organisation, identity.organisation);
    }
    EXPECT_EQ(roles.size(), 12U);
    EXPECT_EQ(net->quorum, 3U);
    const auto secret = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
    EXPECT_EQ(std::filesystem::status(folder / "keys/passphrase").permissions(), secret);
    EXPECT_EQ(std::filesystem::status(folder / "validator-0/tls.key").permissions(), secret);
}

TEST_F(TestNetTest, EveryValidatorHasItsOwnPortsAndKnowsTheOthers) {
    ASSERT_TRUE(write_test_net(folder, 4));
    const auto net = load_test_net(folder);
    ASSERT_TRUE(net);
    std::set<std::uint16_t> ports;
    for (const auto& validator : net->validators) {
        ports.insert(validator.config.listen.port);
        ports.insert(validator.config.rpc.listen.port);
        EXPECT_EQ(validator.config.peers.size(), 3U);
    }
    EXPECT_EQ(ports.size(), 8U);
}

TEST_F(TestNetTest, AFolderOfSomebodyElseIsLeftAlone) {
    {
        std::ofstream{folder / "thesis.txt"} << "mine";
    }
    const auto made = write_test_net(folder, 4);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::preflight_failed);
    EXPECT_TRUE(std::filesystem::exists(folder / "thesis.txt"));
}

TEST_F(TestNetTest, AnotherGenesisThanTheDigestSaysIsRefused) {
    ASSERT_TRUE(write_test_net(folder, 1));
    {
        std::ofstream{folder / "genesis.digest"} << std::string(64, '0') << "\n";
    }
    const auto net = load_test_net(folder);
    ASSERT_FALSE(net);
    EXPECT_NE(net.error().field.find("genesis.cbor"), std::string::npos);
}

TEST_F(TestNetTest, AProcessNumberThatWentToSomebodyElseIsNotOurs) {
    ASSERT_TRUE(write_test_net(folder, 1));
    const auto net = load_test_net(folder);
    ASSERT_TRUE(net);
    EXPECT_EQ(running_process(net->validators[0]), std::nullopt);
    {
        std::ofstream{net->validators[0].folder / "node.pid"} << getpid() << " 1\n";
    }
    EXPECT_EQ(running_process(net->validators[0]), std::nullopt);
    const auto stopped = stop_process(net->validators[0], std::chrono::milliseconds{1});
    ASSERT_TRUE(stopped);
    EXPECT_FALSE(*stopped);
}

}  // namespace
}  // namespace probatum::tools
