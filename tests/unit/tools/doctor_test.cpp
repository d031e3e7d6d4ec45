#include "tools/doctor.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "node/tls_binding.h"
#include "tools/cli.h"
#include "tools/keys.h"
#include "tools/testnet_layout.h"

namespace probatum::tools {
namespace {

constexpr std::uint64_t kDayMs = 24ULL * 60 * 60 * 1000;

class DoctorTest : public ::testing::Test {
protected:
    std::filesystem::path folder;
    std::ostringstream nowhere;
    Session session{{nowhere, nowhere}};
    Surroundings world{real_surroundings(session)};

    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-doctor-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        ASSERT_TRUE(write_test_net(folder / "net", 4));
        world.reachable = [](const node::Endpoint&) { return true; };
        world.free_bytes = [](const std::filesystem::path&) { return std::optional<std::uint64_t>{100ULL << 30U}; };
        world.status = [](const node::Endpoint&) {
            return std::optional<rpc::Json>{{{"alarm", ""},
                                             {"height", 7},
                                             {"reachable", 4},
                                             {"quorum", 3},
                                             {"ready", true},
                                             {"clock_drift_ms", 3}}};
        };
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    [[nodiscard]] std::filesystem::path own() const { return folder / "net/validator-0"; }
    [[nodiscard]] std::vector<Finding> look() const { return diagnose(node::load_config(own() / "node.toml"), world); }
    /// The worst of what one check found.
    [[nodiscard]] Level level(std::string_view check) const {
        Level worst = Level::fine;
        bool found = false;
        for (const Finding& finding : look()) {
            if (finding.check == check) {
                worst = std::max(worst, finding.level);
                found = true;
            }
        }
        EXPECT_TRUE(found) << check;
        return worst;
    }
};

TEST_F(DoctorTest, AWholeValidatorIsWell) {
    for (const Finding& finding : look()) {
        EXPECT_EQ(finding.level, Level::fine) << finding.check << ": " << finding.english;
        EXPECT_FALSE(finding.chinese.empty()) << finding.check;
    }
    EXPECT_EQ(exit_code(look()), 0);
}

TEST_F(DoctorTest, WarnsNinetyThirtyAndSevenDaysBeforeTheTlsBindingEnds) {
    const UnixMs made = world.now;  // The test net's bindings are valid for 365 days.
    const auto in_days = [&](std::uint64_t days) { world.now = UnixMs{made.raw() + days * kDayMs}; };
    const auto words = [&] {
        for (const Finding& finding : look()) {
            if (finding.check == "tls") {
                return finding.english;
            }
        }
        return std::string{};
    };
    in_days(365 - 92);
    EXPECT_EQ(level("tls"), Level::fine);
    in_days(365 - 89);
    EXPECT_EQ(level("tls"), Level::warning);
    EXPECT_TRUE(words().starts_with("the TLS binding")) << words();
    in_days(365 - 29);
    EXPECT_TRUE(words().starts_with("soon")) << words();
    in_days(365 - 6);
    EXPECT_TRUE(words().starts_with("URGENT")) << words();
    EXPECT_EQ(exit_code(look()), 1);
    in_days(366);
    EXPECT_EQ(level("tls"), Level::problem);
    EXPECT_EQ(exit_code(look()), 2);
}

TEST_F(DoctorTest, TlsRenewNeedsNoVoteAndTheIdentityStays) {
    const Bytes before = node::read_file(own() / "tls.binding").value();
    const Bytes identity = node::read_file(own() / "identity.key").value();
    std::ostringstream out;
    std::ostringstream err;
    ASSERT_EQ(run({"tls", "renew", "--config", (own() / "node.toml").string(), "--days", "400"}, {out, err, false}), 0)
        << err.str();
    EXPECT_NE(node::read_file(own() / "tls.binding").value(), before);
    EXPECT_EQ(node::read_file(own() / "identity.key").value(), identity);
    world.now = UnixMs{world.now.raw() + 300 * kDayMs};
    EXPECT_EQ(level("tls"), Level::fine);
}

TEST_F(DoctorTest, AKeyWithoutItsJournalNeverVotesAgain) {
    const Bytes genesis = node::read_file(folder / "net/genesis.cbor").value();
    const std::string chain = to_hex(contracts::chain_id_of(genesis)).substr(0, 16);
    std::ofstream{own() / ("identity.key." + chain + ".journal")} << "marker";
    EXPECT_EQ(level("journal"), Level::problem);
    std::filesystem::create_directories(own() / "data/journal");
    EXPECT_EQ(level("journal"), Level::fine);
}

TEST_F(DoctorTest, NamesWhatIsMissingOrWrong) {
    std::filesystem::remove(own() / "tls.crt");
    EXPECT_EQ(level("tls"), Level::problem);
    std::filesystem::remove(own() / "passphrase");
    EXPECT_EQ(level("identity"), Level::problem);
    std::ofstream{folder / "net/genesis.cbor"} << "garbage";
    EXPECT_EQ(level("genesis"), Level::problem);
    std::filesystem::remove(own() / "node.toml");
    ASSERT_EQ(look().size(), 1U);
    EXPECT_EQ(look().front().check, "config");
    EXPECT_EQ(exit_code(look()), 2);
}

TEST_F(DoctorTest, WatchesDiskPeersClockAndTheNodeItself) {
    world.free_bytes = [](const std::filesystem::path&) { return std::optional<std::uint64_t>{1ULL << 30U}; };
    EXPECT_EQ(level("disk"), Level::warning);
    world.free_bytes = [](const std::filesystem::path&) { return std::optional<std::uint64_t>{1ULL << 20U}; };
    EXPECT_EQ(level("disk"), Level::problem);
    world.reachable = [](const node::Endpoint&) { return false; };
    EXPECT_EQ(level("peer"), Level::warning);
    const auto with = [&](const char* name, rpc::Json value) {
        rpc::Json status{{"alarm", ""}, {"height", 7},   {"reachable", 4},
                         {"quorum", 3}, {"ready", true}, {"clock_drift_ms", 3}};
        status[name] = std::move(value);
        world.status = [status](const node::Endpoint&) { return std::optional{status}; };
    };
    with("clock_drift_ms", -6000);
    EXPECT_EQ(level("clock"), Level::warning);
    with("clock_drift_ms", 10'000);
    EXPECT_EQ(level("clock"), Level::problem);
    with("alarm", "fork");
    EXPECT_EQ(level("node"), Level::problem);
    with("reachable", 2);
    EXPECT_EQ(level("node"), Level::warning);
    world.status = [](const node::Endpoint&) { return std::optional<rpc::Json>{}; };
    EXPECT_EQ(level("node"), Level::warning);
}

}  // namespace
}  // namespace probatum::tools
