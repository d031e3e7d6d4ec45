#include "node/config.h"

#include <gtest/gtest.h>

namespace probatum::node {
namespace {

constexpr std::string_view kLeast = R"(
data_dir = "data"
genesis_file = "genesis.cbor"
[identity]
key_file = "identity.key"
passphrase_file = "/run/secrets/passphrase"
[tls]
certificate_file = "tls.pem"
key_file = "tls.key"
binding_file = "tls.binding"
)";

Result<Config> parse(std::string text) { return parse_config(text, "/srv/node"); }

TEST(Config, RelativePathsAreRelativeToTheFolderOfTheFile) {
    const auto config = parse(std::string{kLeast});
    ASSERT_TRUE(config.has_value()) << config.error().to_string();
    EXPECT_EQ(config->data_dir, "/srv/node/data");
    EXPECT_EQ(config->identity_passphrase_file, "/run/secrets/passphrase");
    EXPECT_EQ(config->listen.host, "127.0.0.1");
    EXPECT_EQ(config->mode, Mode::validator);
}

TEST(Config, ASuccessionIsAFileLikeTheOthersAndIsWrittenOnlyWhereThereIsOne) {
    auto config = parse("succession_file = \"succession.cbor\"\n" + std::string{kLeast});
    ASSERT_TRUE(config.has_value()) << config.error().to_string();
    EXPECT_EQ(config->succession_file, "/srv/node/succession.cbor");
    EXPECT_EQ(*parse(render_config(*config)), *config);
    config->succession_file.clear();
    EXPECT_EQ(render_config(*config).find("succession"), std::string::npos);
}

TEST(Config, UnknownKeyIsRefusedByItsName) {
    const std::pair<const char*, const char*> cases[] = {
        {"mistake = 1\n", "mistake"},
        {"[rpc]\nlisten_address = \"x\"\n", "rpc.listen_address"},
        {"[weather]\nsunny = true\n", "weather"},
        {"[[peer]]\nvalidator = 1\naddress = \"a:1\"\nport = 2\n", "peer[0].port"},
    };
    for (const auto& [addition, name] : cases) {
        // A key without a table must stand before the first table.
        const std::string text = addition[0] == '[' ? std::string{kLeast} + addition : addition + std::string{kLeast};
        const auto config = parse(text);
        ASSERT_FALSE(config.has_value()) << name;
        EXPECT_EQ(config.error().code, Errc::config_invalid);
        EXPECT_EQ(config.error().field, name);
    }
}

TEST(Config, MissingKeyIsRefusedByItsName) {
    const auto config = parse("data_dir = \"data\"\n");
    ASSERT_FALSE(config.has_value());
    EXPECT_EQ(config.error().field, "genesis_file");
}

TEST(Config, WrongKindOrRangeIsRefused) {
    const std::pair<const char*, const char*> cases[] = {
        {"[rpc]\nmax_batch = \"ten\"\n", "rpc.max_batch"},
        {"[rpc]\nmax_batch = 0\n", "rpc.max_batch"},
        {"[rpc]\nlisten = \"nowhere\"\n", "rpc.listen"},
        {"[log]\nlevel = \"loud\"\n", "log.level"},
        {"[pool]\nmax_bytes = -1\n", "pool.max_bytes"},
        {"[[peer]]\nvalidator = 1000\naddress = \"a:1\"\n", "peer[0].validator"},
        {"[[peer]]\nvalidator = 1\n", "peer[0].address"},
    };
    for (const auto& [addition, name] : cases) {
        const auto config = parse(std::string{kLeast} + addition);
        ASSERT_FALSE(config.has_value()) << name;
        EXPECT_EQ(config.error().field, name);
    }
}

TEST(Config, BrokenTomlNamesTheLine) {
    const auto config = parse("data_dir = \n");
    ASSERT_FALSE(config.has_value());
    EXPECT_EQ(config.error().code, Errc::config_invalid);
    EXPECT_EQ(config.error().field, "line 1");
}

TEST(Config, ExactlyOneSourceOfThePassphrase) {
    std::string text{kLeast};
    text.insert(text.find("[tls]"), "passphrase_credential = \"pass\"\n");
    EXPECT_FALSE(parse(text).has_value());
}

TEST(Config, ObserverNeedsNoIdentity) {
    const auto config = parse(
        "mode = \"observer\"\ndata_dir = \"d\"\ngenesis_file = \"g\"\n[tls]\ncertificate_file = \"c\"\nkey_file = "
        "\"k\"\n");
    ASSERT_TRUE(config.has_value()) << config.error().to_string();
    EXPECT_EQ(config->mode, Mode::observer);
}

TEST(Config, RenderedFileGivesTheSameConfiguration) {
    Config config;
    config.data_dir = "/srv/node/data";
    config.genesis_file = "/srv/node/genesis.cbor";
    config.identity_key_file = "/srv/node/a \"quoted\" key";
    config.identity_passphrase_credential = "passphrase";
    config.tls_certificate_file = "/srv/node/tls.pem";
    config.tls_key_file = "/srv/node/tls.key";
    config.tls_binding_file = "/srv/node/tls.binding";
    config.listen = {"::1", 7300};
    config.peers = {{"bank-b", {}, {"node.bank-b.example", 7301}}, {"", 2, {"127.0.0.1", 7302}}};
    config.rpc.listen.port = 8300;
    config.rpc.max_batch = 7;
    config.log = {"debug", "json", "/srv/node/log"};
    config.pool.max_per_sender = 11;
    const auto again = parse(render_config(config));
    ASSERT_TRUE(again.has_value()) << again.error().to_string();
    EXPECT_EQ(*again, config);
}

TEST(Endpoint, IsHostAndPort) {
    EXPECT_EQ(*parse_endpoint("127.0.0.1:7100"), (Endpoint{"127.0.0.1", 7100}));
    EXPECT_EQ(*parse_endpoint("[::1]:7100"), (Endpoint{"::1", 7100}));
    for (const char* bad : {"", ":1", "a", "a:", "a:x", "a:65536", "::1:7100", "a:1 "}) {
        EXPECT_FALSE(parse_endpoint(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace probatum::node
