#include "node/node.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "node/machine.h"
#include "node/startup.h"
#include "node/thread_lane.h"
#include "node/transport.h"
#include "node/validator.h"

namespace probatum::node {

namespace store = ledger::store;

namespace {

/// Signs votes with the identity key.
class IdentitySigner final : public consensus::VoteSigner {
public:
    IdentitySigner(const SecretKey& key, const Digest& chain_id) : key_{key}, chain_id_{chain_id} {}
    [[nodiscard]] Signature sign(const ledger::VoteTarget& target, const ledger::Validator& self) const override {
        return key_.sign(ledger::vote_signing_digest(target, chain_id_, self));
    }

private:
    const SecretKey& key_;
    Digest chain_id_;
};

TransportOptions transport_options(const Config& config, const Credentials& credentials,
                                   const std::vector<PeerAddress>& peers) {
    TransportOptions out{
        config.listen,        credentials.certificate_pem, credentials.private_key_pem,    credentials.binding,
        credentials.key_id(), credentials.chain_id,        credentials.genesis.validators, {}};
    for (const PeerAddress& peer : peers) {
        out.peers.push_back({peer.id, peer.organisation, peer.address});
    }
    return out;
}

}  // namespace

/// What a real machine lends to a validator: its clocks, threads, disk, sockets and key.
class Node::Impl {
public:
    Impl(Config config, Credentials credentials, AlarmHandler on_alarm)
        : config_{std::move(config)}, credentials_{std::move(credentials)}, on_alarm_{std::move(on_alarm)} {}
    ~Impl() { stop(true); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<void> open();
    Result<std::uint16_t> start();
    void stop(bool orderly);

    Validator& validator() { return *validator_; }
    const Credentials& credentials() const { return credentials_; }

private:
    const Config config_;
    const Credentials credentials_;
    const AlarmHandler on_alarm_;
    const SystemClock clock_{};
    const ledger::EcdsaChecker checker_{};
    store::PosixFiles files_;
    ThreadLanes lanes_;
    std::optional<IdentitySigner> signer_;
    std::unique_ptr<Validator> validator_;
    std::unique_ptr<Transport> transport_;
};

Result<void> Node::Impl::open() {
    const store::FatalHandler on_fatal = [alarm = on_alarm_](const Error& error) {
        spdlog::critical("this machine failed: {}", error.to_string());
        if (alarm) {
            alarm(error);
        }
    };
    PROBATUM_LET(storage, open_storage(files_, storage_options(config_, credentials_, on_fatal), credentials_));
    if (credentials_.identity) {
        signer_.emplace(*credentials_.identity, credentials_.chain_id);
    }
    PROBATUM_LET(successions, load_successions(config_, credentials_));
    const auto& succession = successions.to_follow;
    Validator::Options options;
    options.succession = succession;
    options.pool = config_.pool;
    options.check_threads = std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2);
    PROBATUM_LET(validator, Validator::open(credentials_, options, std::move(storage),
                                            {clock_, lanes_, checker_, signer_ ? &*signer_ : nullptr, on_alarm_}));
    validator_ = std::move(validator);
    PROBATUM_TRY(may_replace(config_, successions, *validator_->view()));
    return succession ? keep_succession(config_, *succession) : Result<void>{};
}

Result<std::uint16_t> Node::Impl::start() {
    PROBATUM_LET(peers, resolve_peers(config_, credentials_));
    transport_ = std::make_unique<Transport>(transport_options(config_, credentials_, peers), *validator_);
    PROBATUM_TRY(validator_->attach(*transport_));
    PROBATUM_LET(port, transport_->start());
    validator_->start();
    return port;
}

void Node::Impl::stop(bool orderly) {
    if (transport_) {
        transport_->stop();
    }
    if (validator_) {
        validator_->stop(orderly);
    }
}

Node::Node(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Node::~Node() = default;

Result<std::unique_ptr<Node>> Node::open(Config config, AlarmHandler on_alarm) {
    PROBATUM_LET(credentials, load_credentials(config, wall_clock()));
    auto impl = std::make_unique<Impl>(std::move(config), std::move(credentials), std::move(on_alarm));
    PROBATUM_TRY(impl->open());
    return std::unique_ptr<Node>{new Node{std::move(impl)}};
}

Result<std::uint16_t> Node::start() { return impl_->start(); }
void Node::stop() { impl_->stop(true); }
void Node::abandon() { impl_->stop(false); }

void Node::submit(Bytes wire, std::function<void(Result<Submitted>)> done) {
    impl_->validator().submit(std::move(wire), std::move(done));
}

void Node::await_final(const Digest& transaction, std::chrono::milliseconds timeout,
                       std::function<void(Result<Receipt>)> done) {
    impl_->validator().await_final(transaction, timeout, std::move(done));
}

Result<Receipt> Node::receipt(const Digest& transaction) const { return impl_->validator().receipt(transaction); }
ledger::TransactionPtr Node::pending(const Digest& transaction) const {
    return impl_->validator().pending(transaction);
}
std::shared_ptr<const evidence::Source> Node::view() const { return impl_->validator().view(); }
const contracts::Genesis& Node::genesis() const { return impl_->credentials().genesis; }
Digest Node::chain_id() const { return impl_->credentials().chain_id; }
Status Node::status() const { return impl_->validator().status(); }
UnixMs Node::now() const { return wall_clock(); }
void Node::random(std::span<std::uint8_t> out) { fill_random(out); }

}  // namespace probatum::node
