#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "fake_service.h"
#include "rpc/server.h"
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
    EXPECT_EQ(running_process(net->validators[0].folder), std::nullopt);
    {
        std::ofstream{net->validators[0].folder / "node.pid"} << getpid() << " 1\n";
    }
    EXPECT_EQ(running_process(net->validators[0].folder), std::nullopt);
    const auto stopped = stop_process(net->validators[0].folder, std::chrono::milliseconds{1});
    ASSERT_TRUE(stopped);
    EXPECT_FALSE(*stopped);
}

TEST_F(TestNetTest, AValidatorWhoseConfigurationIsSpoiltCanStillBeStopped) {
    ASSERT_TRUE(write_test_net(folder, 2));
    std::ofstream{folder / "validator-0/node.toml"} << "not toml";
    ASSERT_FALSE(load_test_net(folder));
    const auto folders = validator_folders(folder);
    ASSERT_EQ(folders.size(), 2U);
    const pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    std::ifstream stat{"/proc/" + std::to_string(child) + "/stat"};
    std::string field;
    std::string started;
    for (int number = 1; number <= 22 && stat >> field; ++number) {
        started = field;
    }
    std::ofstream{folders[0] / "node.pid"} << child << ' ' << started << "\n";
    const auto stopped = stop_process(folders[0], std::chrono::seconds{10});
    ASSERT_TRUE(stopped) << stopped.error().to_string();
    EXPECT_TRUE(*stopped);
    EXPECT_EQ(running_process(folders[0]), std::nullopt);
}

TEST_F(TestNetTest, APortThatSomebodyHoldsIsNamed) {
    ASSERT_TRUE(write_test_net(folder, 1));
    const auto net = load_test_net(folder);
    ASSERT_TRUE(net);
    ASSERT_TRUE(check_ports(net->validators[0]));
    const int held = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(net->validators[0].config.rpc.listen.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(held, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(listen(held, 1), 0);
    const auto checked = check_ports(net->validators[0]);
    close(held);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, Errc::preflight_failed);
    EXPECT_NE(checked.error().field.find("node.toml"), std::string::npos);
    EXPECT_NE(checked.error().to_string().find(net->validators[0].config.rpc.listen.to_string()), std::string::npos);
}

TEST_F(TestNetTest, AnotherChainThatAnswersAtTheAddressIsNotOurs) {
    ASSERT_TRUE(write_test_net(folder, 1));
    auto net = load_test_net(folder);
    ASSERT_TRUE(net);
    test::FakeService service;
    service.answered.chain_id = service.chain_id();
    rpc::Server server{service, {.port = 0}};
    const auto port = server.start();
    ASSERT_TRUE(port) << port.error().to_string();
    net->validators[0].config.rpc.listen.port = *port;
    const auto foreign = ask_status(*net, net->validators[0]);
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code, Errc::wrong_genesis);
    net->genesis_digest = service.chain_id();
    EXPECT_TRUE(ask_status(*net, net->validators[0]));
    server.stop();
}

}  // namespace
}  // namespace probatum::tools
