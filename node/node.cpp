#include "node/node.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/text_encoding.h"
#include "consensus/core.h"
#include "node/committer.h"
#include "node/driver.h"
#include "node/executor.h"
#include "node/machine.h"
#include "node/mempool.h"
#include "node/node_status.h"
#include "node/receipts.h"
#include "node/signature_pool.h"
#include "node/startup.h"
#include "node/transport.h"
#include "node/waiters.h"
#include "node/worker.h"

namespace probatum::node {

namespace store = ledger::store;

namespace {

/// Signs votes with the identity key.
class IdentitySigner final : public consensus::VoteSigner {
public:
    IdentitySigner(const SecretKey& key, const Digest& chain_id, ledger::Validator validator)
        : key_{key}, chain_id_{chain_id}, validator_{std::move(validator)} {}
    [[nodiscard]] Signature sign(const ledger::VoteTarget& target) const override {
        return key_.sign(ledger::vote_signing_digest(target, chain_id_, validator_));
    }

private:
    const SecretKey& key_;
    Digest chain_id_;
    ledger::Validator validator_;
};

ChainRules rules_of(const Credentials& credentials) {
    return {credentials.chain_id,           Epoch{0},
            credentials.genesis.time,       credentials.genesis.rules_version,
            credentials.genesis.parameters, credentials.genesis.validator_set()};
}

consensus::Timing timing_of(const contracts::Parameters& parameters) {
    return {parameters.view_timeout_ms, parameters.retry_interval_ms, parameters.idle_empty_block_ms,
            parameters.silent_leader_views};
}

}  // namespace

class Node::Impl final : public TransportHandler, public SubmissionContext, public ExecutionPorts {
public:
    Impl(Config config, Credentials credentials, Storage storage, AlarmHandler on_alarm)
        : config_{std::move(config)},
          credentials_{std::move(credentials)},
          storage_{std::move(storage)},
          on_alarm_{std::move(on_alarm)},
          rules_{rules_of(credentials_)},
          pool_{config_.pool},
          committer_{*storage_.chain, start_view(), pool_, waiters_, costs_, commit_ports()},
          executor_{rules_, pool_, *this, costs_} {}

    ~Impl() override { stop(true); }

    Result<void> recover();
    Result<std::uint16_t> start();
    void stop(bool orderly);
    void raise(const Error& error);

    // TransportHandler
    Height final_height() override { return driver_->served_height(); }
    void on_connected(PeerId peer, const Hello& hello) override;
    void on_disconnected(PeerId peer) override;
    Result<void> on_message(PeerId from, Message message) override;

    // SubmissionContext
    std::shared_ptr<const ledger::StateView> final_state() const override { return committer_.view(); }
    Result<void> admit(const ledger::Transaction& transaction) const override;
    bool is_final(const Digest& transaction) const override {
        return committer_.view()->locate(transaction).has_value();
    }
    void gossip(const std::vector<ledger::TransactionPtr>& transactions) override;
    void pool_grew() override { driver_->on_pool_grew(); }

    // ExecutionPorts
    CommittedBase committed() const override { return committer_.committed(); }
    Result<void> check_signature(const ledger::Transaction& transaction, const ledger::StateView& state) override {
        return signatures_->check_now(transaction, state);
    }
    void inadmissible(const Digest& transaction, const Error& why) override;

    Result<void> may_submit() const;
    void await(const Digest& transaction, std::chrono::milliseconds timeout, Waiters::Done done);
    Status status() const;

    FinalView::Parts start_view() const {
        return {credentials_.genesis_bytes,
                {storage_.chain->view(), storage_.tree},
                storage_.journal.get(),
                credentials_.genesis.time};
    }
    Committer::Ports commit_ports() {
        return {[this](Height height) {
                    if (driver_) {
                        driver_->on_committed(height);
                    }
                },
                [this] { return UnixMs{wall_clock().raw() - rules_.parameters.clock_bound_ms}; }};
    }
    Result<consensus::Core> make_core(Driver::Start& start);
    Result<consensus::Restored> restored(Driver::Start& start) const;
    TransportOptions transport_options(const std::vector<PeerAddress>& peers) const;

    const Config config_;
    const Credentials credentials_;
    Storage storage_;
    const AlarmHandler on_alarm_;
    const ChainRules rules_;
    const ledger::EcdsaChecker checker_{};
    StageCosts costs_;
    Mempool pool_;
    Waiters waiters_;
    Committer committer_;
    Executor executor_;
    std::optional<IdentitySigner> signer_;
    std::unique_ptr<Worker> execution_;
    std::unique_ptr<Worker> serving_;
    std::unique_ptr<SignaturePool> signatures_;
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Driver> driver_;
    std::atomic<bool> running_{false};
    mutable std::mutex alarm_mutex_;
    std::optional<Error> alarm_;
};

Result<void> Node::Impl::recover() {
    const auto& blocks = storage_.recovered.final_blocks;
    if (!blocks.empty()) {
        spdlog::info("executing {} final blocks again from the journal", blocks.size());
    }
    for (const store::FinalBlock& final : blocks) {
        PROBATUM_LET(block, storage_.journal->read_block(final.block.position));
        Executor::Checked checked = executor_.check(block, Executor::Trust::certified);
        if (!checked.executed) {
            const std::string why = checked.refusal ? checked.refusal->to_string() : "its parent is not here";
            return fail(Errc::storage_corrupt, "height " + std::to_string(final.block.header.height.raw()),
                        "a final block of the journal: " + why);
        }
        committer_.commit_now(
            {checked.executed, final.block.position, final.finality, storage_.chain->tip().scan_from});
        executor_.prune();
    }
    return {};
}

Result<consensus::Restored> Node::Impl::restored(Driver::Start& start) const {
    consensus::Restored out;
    const FinalViewPtr view = committer_.view();
    start.final = {view->chain().height(), view->head_id()};
    if (start.final.height.raw() > 0) {
        PROBATUM_LET(direct, view->chain().finality_at_or_after(start.final.height));
        PROBATUM_LET(block, view->chain().block_at(start.final.height, *storage_.journal));
        out.final = consensus::Restored::Final{ref_of(*block), std::move(direct.certificate)};
    }
    out.own_votes = storage_.recovered.own_votes;
    out.certificates = storage_.recovered.certificates;
    for (const auto& [id, stored] : storage_.recovered.blocks) {
        PROBATUM_LET(block, storage_.journal->read_block(stored.position));
        out.blocks.push_back(ref_of(*block));
        start.blocks.push_back({std::move(block), out.blocks.back(), stored.position});
    }
    return out;
}

Result<consensus::Core> Node::Impl::make_core(Driver::Start& start) {
    PROBATUM_LET(from_journal, restored(start));
    if (credentials_.own) {
        signer_.emplace(*credentials_.identity, credentials_.chain_id, rules_.validators.at(*credentials_.own));
    }
    consensus::Setup setup{rules_.validators,
                           credentials_.own,
                           credentials_.chain_id,
                           rules_.epoch,
                           {credentials_.chain_id, Height{0}},
                           timing_of(rules_.parameters)};
    return consensus::Core{std::move(setup), checker_, signer_ ? &*signer_ : nullptr, std::move(from_journal)};
}

TransportOptions Node::Impl::transport_options(const std::vector<PeerAddress>& peers) const {
    TransportOptions out{config_.listen,
                         credentials_.certificate_pem,
                         credentials_.private_key_pem,
                         credentials_.binding,
                         credentials_.own,
                         credentials_.chain_id,
                         rules_.validators,
                         {}};
    for (const PeerAddress& peer : peers) {
        out.peers.push_back({peer.index, peer.address});
    }
    return out;
}

Result<std::uint16_t> Node::Impl::start() {
    PROBATUM_LET(peers, resolve_peers(config_, credentials_));
    Driver::Start from;
    PROBATUM_LET(core, make_core(from));
    execution_ = std::make_unique<Worker>("execution", 1);
    serving_ = std::make_unique<Worker>("serving", 64);
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    signatures_ = std::make_unique<SignaturePool>(SignaturePool::Options{std::max<std::size_t>(1, cores / 2), 16'384},
                                                  pool_, *this, costs_);
    transport_ = std::make_unique<Transport>(transport_options(peers), *this);
    driver_ = std::make_unique<Driver>(
        Driver::Parts{rules_, credentials_.own, *storage_.journal, committer_, executor_, *execution_, *serving_, pool_,
                      *transport_, checker_, costs_, [this](const Error& error) { raise(error); }},
        std::move(core), std::move(from));
    PROBATUM_LET(port, transport_->start());
    committer_.start();
    driver_->start();
    running_ = true;
    return port;
}

void Node::Impl::stop(bool orderly) {
    running_ = false;
    // From the outside inwards: each stage ends when nothing can give it work any more.
    if (transport_) {
        transport_->stop();
    }
    if (signatures_) {
        signatures_->stop();
    }
    if (serving_) {
        serving_->abandon();
    }
    if (driver_) {
        driver_->stop(orderly);
    }
    if (execution_) {
        if (orderly) {
            execution_->stop();
        } else {
            execution_->abandon();
        }
    }
    if (orderly) {
        committer_.stop();
    } else {
        committer_.abandon();
    }
    waiters_.refuse_all({Errc::not_ready, {}, "the node is stopping"});
}

void Node::Impl::raise(const Error& error) {
    {
        const std::lock_guard lock{alarm_mutex_};
        if (alarm_) {
            return;
        }
        alarm_ = error;
    }
    spdlog::critical("this node stops: {}", error.to_string());
    if (on_alarm_) {
        on_alarm_(error);
    }
}

void Node::Impl::on_connected(PeerId peer, const Hello& hello) {
    spdlog::info("peer {} connected at height {}", peer, hello.height.raw());
    if (peer >= kFirstObserver) {
        return;
    }
    driver_->on_connected(peer, hello);
}

void Node::Impl::on_disconnected(PeerId peer) {
    spdlog::info("peer {} disconnected", peer);
    if (peer >= kFirstObserver) {
        return;
    }
    driver_->on_disconnected(peer);
}

Result<void> Node::Impl::on_message(PeerId from, Message message) {
    if (std::holds_alternative<Hello>(message)) {
        return fail(Errc::malformed, "hello", "a second hello");
    }
    if (from >= kFirstObserver) {
        // Anybody may be one: it is served from the store, and nothing it sends costs the threads that agree.
        if (const auto* range = std::get_if<FetchRangeMessage>(&message)) {
            driver_->serve_range_to(from, range->from);
        }
        if (const auto* block = std::get_if<FetchBlockMessage>(&message)) {
            driver_->serve_block_to(from, block->id);
        }
        return {};
    }
    auto* gossip = std::get_if<TransactionsMessage>(&message);
    if (gossip == nullptr) {
        driver_->on_message(from, std::move(message));
        return {};
    }
    if (!credentials_.own) {
        return {};
    }  // who does not vote needs no transaction before it is in a block
    std::vector<Mempool::Unchecked> offered;
    offered.reserve(gossip->transactions.size());
    for (Gossiped& one : gossip->transactions) {
        offered.push_back({one.id, std::move(one.wire)});
    }
    std::vector<Digest> fresh = pool_.begin_checks(std::move(offered));
    if (!fresh.empty()) {
        signatures_->check_gossip(std::move(fresh), [this, from] {
            transport_->disconnect(from, "gossiped a transaction that does not hold");
        });
    }
    return {};
}

Result<void> Node::Impl::admit(const ledger::Transaction& transaction) const {
    const FinalViewPtr view = committer_.view();
    const contracts::BlockContext context{rules_.chain_id, rules_.epoch, view->head().height.next(),
                                          std::max(wall_clock(), view->head().time.next()), rules_.rules_version};
    return contracts::admit(transaction, context, *view);
}

void Node::Impl::gossip(const std::vector<ledger::TransactionPtr>& transactions) {
    transport_->broadcast(make_gossip_frame(transactions), Priority::bulk);
}

void Node::Impl::inadmissible(const Digest& transaction, const Error& why) {
    pool_.drop(transaction);
    for (const auto& done : waiters_.take(transaction)) {
        done(fail(why));
    }
}

Result<void> Node::Impl::may_submit() const {
    if (!running_) {
        return fail(Errc::not_ready, {}, "the node is not running");
    }
    if (!credentials_.own) {
        return fail(Errc::read_only, {}, "an observer takes no transactions");
    }
    if (storage_.journal->read_only()) {
        return fail(Errc::read_only, {}, "the disk is nearly full");
    }
    if (driver_->status().behind) {
        return fail(Errc::not_ready);
    }
    return {};
}

void Node::Impl::await(const Digest& transaction, std::chrono::milliseconds timeout, Waiters::Done done) {
    // Registered first: a commit between the two steps is then seen by one of them.
    waiters_.add(transaction, Waiters::Clock::now() + timeout, std::move(done));
    if (pool_.look(transaction) == Known::pooled) {
        return;
    }
    auto ready = receipt_of(*committer_.view(), transaction);
    if (!ready) {
        return;
    }
    for (const auto& one : waiters_.take(transaction)) {
        one(ready);
    }
}

Status Node::Impl::status() const {
    StatusInputs inputs{credentials_.genesis,
                        rules_,
                        credentials_.own,
                        driver_ ? driver_->status() : DriverStatus{},
                        transport_ ? transport_->peers() : std::vector<Transport::PeerState>{},
                        committer_.view(),
                        pool_.size(),
                        &costs_};
    inputs.read_only = storage_.journal->read_only();
    inputs.running = running_;
    const std::lock_guard lock{alarm_mutex_};
    if (alarm_) {
        inputs.alarm = alarm_->to_string();
    }
    return make_status(inputs);
}

Node::Node(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Node::~Node() = default;

Result<std::unique_ptr<Node>> Node::open(Config config, AlarmHandler on_alarm) {
    PROBATUM_LET(credentials, load_credentials(config, wall_clock()));
    const store::FatalHandler on_fatal = [on_alarm](const Error& error) {
        spdlog::critical("this machine failed: {}", error.to_string());
        if (on_alarm) {
            on_alarm(error);
        }
    };
    PROBATUM_LET(storage, open_storage(config, credentials, on_fatal));
    auto impl =
        std::make_unique<Impl>(std::move(config), std::move(credentials), std::move(storage), std::move(on_alarm));
    PROBATUM_TRY(impl->recover());
    return std::unique_ptr<Node>{new Node{std::move(impl)}};
}

Result<std::uint16_t> Node::start() { return impl_->start(); }
void Node::stop() { impl_->stop(true); }
void Node::abandon() { impl_->stop(false); }

void Node::submit(Bytes wire, std::function<void(Result<Submitted>)> done) {
    if (auto allowed = impl_->may_submit(); !allowed) {
        done(fail(std::move(allowed).error()));
        return;
    }
    impl_->signatures_->submit(std::move(wire), std::move(done));
}

void Node::await_final(const Digest& transaction, std::chrono::milliseconds timeout,
                       std::function<void(Result<Receipt>)> done) {
    impl_->await(transaction, timeout, std::move(done));
}

Result<Receipt> Node::receipt(const Digest& transaction) const {
    if (impl_->pool_.look(transaction) == Known::pooled) {
        return fail(Errc::not_final_yet);
    }
    return receipt_of(*impl_->committer_.view(), transaction);
}

ledger::TransactionPtr Node::pending(const Digest& transaction) const { return impl_->pool_.find(transaction); }
std::shared_ptr<const evidence::Source> Node::view() const { return impl_->committer_.view(); }
const contracts::Genesis& Node::genesis() const { return impl_->credentials_.genesis; }
Digest Node::chain_id() const { return impl_->credentials_.chain_id; }
Status Node::status() const { return impl_->status(); }
UnixMs Node::now() const { return wall_clock(); }
void Node::random(std::span<std::uint8_t> out) { fill_random(out); }

}  // namespace probatum::node
