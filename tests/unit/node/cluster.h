#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/hash.h"
#include "base/key_file.h"
#include "base/text_encoding.h"
#include "contracts/succession.h"
#include "contracts_world.h"
#include "node/machine.h"
#include "node/node.h"
#include "node/tls_binding.h"
#include "node/tls_identity.h"

/// Real nodes in one process: sockets, TLS and disk are real; only the processes are missing.
namespace probatum::test {

namespace fs = std::filesystem;

/// A port that nobody listens on now.
inline std::uint16_t free_port() {
    const int file = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    socklen_t size = sizeof address;
    ::getsockname(file, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(file);
    return ntohs(address.sin_port);
}

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "probatum-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

inline Bytes signed_action(const Digest& chain_id, contracts::ActionBody body, UnixMs valid_until,
                           std::string_view member) {
    const SecretKey key = key_of(member);
    contracts::SignerContext signer{
        chain_id, std::string{member.substr(0, member.find('/'))}, key.public_key().id(), {}, valid_until};
    node::fill_random(signer.idempotency_key);
    const auto salt = [] {
        Salt out{};
        node::fill_random(out);
        return out;
    };
    return contracts::build_transaction({.body = std::move(body)}, signer, salt)->sign(key);
}

inline Bytes deposit(const Digest& chain_id, std::string_view document, UnixMs valid_until,
                     std::string_view member = "bank-a/maker-1", std::string_view media_type = "application/pdf") {
    contracts::DepositBody body;
    body.digests = contracts::digests_of(as_bytes(document));
    body.size_bytes = document.size();
    body.media_type = media_type;
    return signed_action(chain_id, std::move(body), valid_until, member);
}

class Cluster {
public:
    explicit Cluster(std::size_t size = 4, contracts::Genesis genesis = sample_genesis())
        : genesis_{std::move(genesis)} {
        genesis_.validators.resize(size, genesis_.validators.front());
        genesis_bytes_ = contracts::encode(genesis_);
        chain_id_ = contracts::chain_id_of(genesis_bytes_);
        for (std::size_t i = 0; i < size; ++i) {
            ports_.push_back(free_port());
        }
        for (std::size_t i = 0; i < size; ++i) {
            prepare(genesis_.validators[i].organisation, "validator " + genesis_.validators[i].organisation);
        }
        nodes_.resize(size);
        spdlog::default_logger()->sinks().push_back(warnings_);
    }
    ~Cluster() {
        observer_.reset();
        nodes_.clear();
        std::erase(spdlog::default_logger()->sinks(), warnings_);
        // All are honest here, so nobody is ever taken for a liar.
        EXPECT_EQ(warned_.str().find("kept away"), std::string::npos) << warned_.str();
    }
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;
    /// A node that is no validator of genesis and knows the addresses of all that are. Returns its number.
    std::size_t add_newcomer(const std::string& organisation, const std::string& key_name) {
        ports_.push_back(free_port());
        prepare(organisation, key_name);
        nodes_.emplace_back();
        return nodes_.size() - 1;
    }

    void start(std::size_t i) {
        auto opened = node::Node::open(configs_.at(i), [i](const Error& error) {
            ADD_FAILURE() << "alarm of node " << i << ": " << error.to_string();
        });
        ASSERT_TRUE(opened.has_value()) << opened.error().to_string();
        const auto port = (*opened)->start();
        ASSERT_TRUE(port.has_value()) << port.error().to_string();
        nodes_.at(i) = *std::move(opened);
    }
    void start_all() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            start(i);
        }
    }
    void stop(std::size_t i) {
        nodes_.at(i)->stop();
        nodes_.at(i).reset();
    }
    void crash(std::size_t i) {
        nodes_.at(i)->abandon();
        nodes_.at(i).reset();
    }

    /// What node i is told at its next start; it must hold.
    void give_succession(std::size_t i, const std::vector<Bytes>& statements) {
        const fs::path file = folder_.path() / std::to_string(i) / "succession.given";
        ASSERT_TRUE(node::write_file(file, contracts::encode_succession_file(statements)).has_value());
        configs_.at(i).succession_file = file;
    }
    [[nodiscard]] Result<std::unique_ptr<node::Node>> open(std::size_t i) { return node::Node::open(configs_.at(i)); }

    /// Knows all validators, is none.
    void start_observer() {
        node::Config config = configs_.at(0);
        config.mode = node::Mode::observer;
        config.data_dir = folder_.path() / "observer";
        config.listen.port = free_port();
        config.peers.push_back({"", 0U, configs_.at(0).listen});
        auto opened = node::Node::open(config);
        ASSERT_TRUE(opened.has_value()) << opened.error().to_string();
        ASSERT_TRUE((*opened)->start().has_value());
        observer_ = *std::move(opened);
    }
    node::Node& observer() { return *observer_; }

    node::Node& operator[](std::size_t i) { return *nodes_.at(i); }
    [[nodiscard]] bool runs(std::size_t i) const { return nodes_.at(i) != nullptr; }
    node::Config& config(std::size_t i) { return configs_.at(i); }
    [[nodiscard]] const Digest& chain_id() const { return chain_id_; }
    [[nodiscard]] const contracts::Genesis& genesis() const { return genesis_; }

    [[nodiscard]] Bytes transaction(std::string_view document) const {
        return deposit(chain_id_, document, UnixMs{node::wall_clock().raw() + 3'600'000});
    }

    Result<node::Submitted> submit(std::size_t i, Bytes wire) { return submit_to(*nodes_.at(i), std::move(wire)); }

    static Result<node::Submitted> submit_to(node::Node& node, Bytes wire) {
        auto answer = std::make_shared<std::promise<Result<node::Submitted>>>();
        auto future = answer->get_future();
        node.submit(std::move(wire),
                    [answer](Result<node::Submitted> result) { answer->set_value(std::move(result)); });
        return future.get();
    }

    Result<node::Receipt> await(std::size_t i, const Digest& id,
                                std::chrono::milliseconds timeout = std::chrono::seconds{20}) {
        auto answer = std::make_shared<std::promise<Result<node::Receipt>>>();
        auto future = answer->get_future();
        nodes_.at(i)->await_final(id, timeout,
                                  [answer](Result<node::Receipt> result) { answer->set_value(std::move(result)); });
        return future.get();
    }

    /// Submits and waits.
    Result<node::Receipt> record(std::size_t i, std::string_view document) {
        PROBATUM_LET(submitted, submit(i, transaction(document)));
        return await(i, submitted.transaction);
    }

    /// Waits, with a limit, until a condition on the outside holds.
    template <class Condition>
    [[nodiscard]] static bool eventually(Condition condition, std::chrono::seconds limit = std::chrono::seconds{30}) {
        for (const auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
            if (condition()) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        return condition();
    }

    /// All running nodes stand on one block with one state.
    [[nodiscard]] bool agree() const {
        const node::Node* first = nullptr;
        for (const auto& node : nodes_) {
            if (!node) {
                continue;
            }
            if (first == nullptr) {
                first = node.get();
                continue;
            }
            if (node->status().block != first->status().block ||
                node->status().state_root != first->status().state_root) {
                return false;
            }
        }
        return true;
    }

private:
    void prepare(const std::string& organisation, const std::string& key_name) {
        const std::size_t i = configs_.size();
        const fs::path home = folder_.path() / std::to_string(i);
        fs::create_directories(home);
        const SecretKey key = key_of(key_name);
        const UnixMs now = node::wall_clock();
        const node::Validity validity{UnixMs{now.raw() - 1000}, UnixMs{now.raw() + 86'400'000}};
        const auto tls = node::make_tls_identity(organisation, validity);
        ASSERT_TRUE(tls.has_value());
        key_file::Randomness randomness{};
        node::fill_random(randomness.salt);
        node::fill_random(randomness.nonce);
        const auto put = [&](const char* name, ByteView bytes, bool secret) {
            ASSERT_TRUE(node::write_file(home / name, bytes, secret).has_value());
        };
        put("genesis.cbor", genesis_bytes_, false);
        put("identity.key", key_file::seal(key, {organisation, "validator"}, "secret", randomness, {.log2_n = 10}),
            true);
        put("passphrase", as_bytes("secret\n"), true);
        put("tls.pem", as_bytes(tls->certificate_pem), false);
        put("tls.key", as_bytes(tls->private_key_pem), true);
        put("tls.binding", node::make_tls_binding(key, {chain_id_, organisation}, {tls->key_digest, validity}), false);
        node::Config config;
        config.data_dir = home / "data";
        config.genesis_file = home / "genesis.cbor";
        config.identity_key_file = home / "identity.key";
        config.identity_passphrase_file = home / "passphrase";
        config.tls_certificate_file = home / "tls.pem";
        config.tls_key_file = home / "tls.key";
        config.tls_binding_file = home / "tls.binding";
        config.listen = {"127.0.0.1", ports_[i]};
        for (std::size_t other = 0; other < genesis_.validators.size(); ++other) {
            if (other != i) {
                config.peers.push_back({"", static_cast<std::uint32_t>(other), {"127.0.0.1", ports_[other]}});
            }
        }
        configs_.push_back(std::move(config));
    }

    std::ostringstream warned_;
    std::shared_ptr<spdlog::sinks::sink> warnings_{std::make_shared<spdlog::sinks::ostream_sink_mt>(warned_)};
    TemporaryFolder folder_;
    contracts::Genesis genesis_;
    Bytes genesis_bytes_;
    Digest chain_id_;
    std::vector<std::uint16_t> ports_;
    std::vector<node::Config> configs_;
    std::vector<std::unique_ptr<node::Node>> nodes_;
    std::unique_ptr<node::Node> observer_;
};

}  // namespace probatum::test
