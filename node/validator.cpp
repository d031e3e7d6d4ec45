#include "node/validator.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "node/node_status.h"
#include "node/receipts.h"

namespace probatum::node {

namespace store = ledger::store;

namespace {

constexpr std::size_t kConsensusQueue = 16'384;
constexpr std::size_t kServingQueue = 64;
constexpr std::size_t kSignatureQueue = 16'384;

ChainRules rules_of(const Membership& who) {
    return {who.chain_id,           Epoch{0},
            who.genesis.time,       who.genesis.rules_version,
            who.genesis.parameters, who.genesis.validator_set()};
}

consensus::Timing timing_of(const contracts::Parameters& parameters) {
    return {parameters.view_timeout_ms, parameters.retry_interval_ms, parameters.idle_empty_block_ms,
            parameters.silent_leader_views};
}

}  // namespace

Validator::Validator(Membership who, const Options& options, Storage storage, Ports ports)
    : who_{std::move(who)},
      storage_{std::move(storage)},
      ports_{std::move(ports)},
      rules_{rules_of(who_)},
      costs_{options.measure_costs},
      pool_{options.pool},
      committer_{*storage_.chain, start_view(), pool_, waiters_, costs_, commit_ports(), ports_.lanes.make({"commit"})},
      executor_{rules_, pool_, *this, costs_},
      signatures_{ports_.lanes.make({"signatures", kSignatureQueue, options.check_threads, true}), ports_.checker,
                  pool_, *this, costs_},
      execution_{ports_.lanes.make({"execution"})},
      serving_{ports_.lanes.make({"serving", kServingQueue})},
      consensus_{ports_.lanes.make({"consensus", kConsensusQueue})} {}

Validator::~Validator() { stop(true); }

Result<std::unique_ptr<Validator>> Validator::open(Membership who, Options options, Storage storage, Ports ports) {
    std::unique_ptr<Validator> out{new Validator{std::move(who), options, std::move(storage), std::move(ports)}};
    PROBATUM_TRY(out->recover());
    return out;
}

FinalView::Parts Validator::start_view() const {
    return {who_.genesis_bytes, {storage_.chain->view(), storage_.tree}, storage_.journal.get(), who_.genesis.time};
}

Committer::Ports Validator::commit_ports() {
    return {[this](Height height) {
                if (driver_) {
                    driver_->on_committed(height);
                }
            },
            [this] { return UnixMs{ports_.clock.wall().raw() - rules_.parameters.clock_bound_ms}; }, ports_.clock};
}

Result<void> Validator::recover() {
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

Result<consensus::Restored> Validator::restored(Driver::Start& start) const {
    consensus::Restored out;
    const FinalViewPtr view = committer_.view();
    start.final = {view->chain().height(), view->head_id()};
    if (start.final.height.raw() > 0) {
        PROBATUM_LET(direct, view->chain().finality_at_or_after(start.final.height));
        PROBATUM_LET(block, view->chain().block_at(start.final.height, *storage_.journal));
        out.final = consensus::Restored::Final{ref_of(*block), std::move(direct.certificate)};
    }
    if (out.final) {
        const ledger::VoteTarget& final = out.final->certificate.target;
        start.signed_votes.forget_to(final.epoch, final.view);
    }
    out.own_votes = storage_.recovered.own_votes;
    for (const ledger::Vote& vote : out.own_votes) {
        start.signed_votes.add(vote.target);
    }
    out.certificates = storage_.recovered.certificates;
    for (const auto& [id, stored] : storage_.recovered.blocks) {
        PROBATUM_LET(block, storage_.journal->read_block(stored.position));
        out.blocks.push_back(ref_of(*block));
        start.blocks.push_back({std::move(block), out.blocks.back(), stored.position});
    }
    return out;
}

Result<consensus::Core> Validator::make_core(Driver::Start& start) const {
    PROBATUM_LET(from_journal, restored(start));
    consensus::Setup setup{
        rules_.validators,           who_.own, who_.chain_id, rules_.epoch, {who_.chain_id, Height{0}},
        timing_of(rules_.parameters)};
    return consensus::Core{std::move(setup), ports_.checker, ports_.signer, std::move(from_journal)};
}

Result<void> Validator::attach(Network& network) {
    Driver::Start from;
    PROBATUM_LET(core, make_core(from));
    network_ = &network;
    driver_ =
        std::make_unique<Driver>(Driver::Parts{rules_, who_.own, *storage_.journal, committer_, executor_, *consensus_,
                                               *execution_, *serving_, ports_.clock, pool_, network, ports_.checker,
                                               costs_, [this](const Error& error) { raise(error); }},
                                 std::move(core), std::move(from));
    return {};
}

void Validator::start() {
    execution_->start();
    serving_->start();
    signatures_.start();
    committer_.start();
    driver_->start();
    running_ = true;
}

void Validator::stop(bool orderly) {
    running_ = false;
    if (std::exchange(stopped_, true)) {
        return;
    }
    // From the outside inwards: each stage ends when nothing can give it work any more.
    if (orderly) {
        signatures_.stop();
    } else {
        signatures_.abandon();
    }
    serving_->abandon();
    if (driver_) {
        driver_->stop(orderly);
    }
    if (orderly) {
        execution_->stop();
        committer_.stop();
    } else {
        execution_->abandon();
        committer_.abandon();
    }
    waiters_.refuse_all({Errc::not_ready, {}, "the node is stopping"});
}

void Validator::raise(const Error& error) {
    {
        const std::lock_guard lock{alarm_mutex_};
        if (alarm_) {
            return;
        }
        alarm_ = error;
    }
    spdlog::critical("this node stops: {}", error.to_string());
    if (ports_.alarm) {
        ports_.alarm(error);
    }
}

void Validator::on_connected(PeerId peer, const Hello& hello) {
    spdlog::info("peer {} connected at height {}", peer, hello.height.raw());
    if (peer >= kFirstObserver) {
        return;
    }
    driver_->on_connected(peer, hello);
}

void Validator::on_disconnected(PeerId peer) {
    spdlog::info("peer {} disconnected", peer);
    if (peer >= kFirstObserver) {
        return;
    }
    driver_->on_disconnected(peer);
}

Result<void> Validator::on_message(PeerId from, Message message) {
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
    if (!who_.own) {
        return {};
    }  // who does not vote needs no transaction before it is in a block
    std::vector<Mempool::Unchecked> offered;
    offered.reserve(gossip->transactions.size());
    for (Gossiped& one : gossip->transactions) {
        offered.push_back({one.id, std::move(one.wire)});
    }
    std::vector<Digest> fresh = pool_.begin_checks(std::move(offered));
    if (!fresh.empty()) {
        signatures_.check_gossip(std::move(fresh), [this, from] {
            network_->disconnect(from, "gossiped a transaction that does not hold");
        });
    }
    return {};
}

Result<void> Validator::admit(const ledger::Transaction& transaction) const {
    const FinalViewPtr view = committer_.view();
    const contracts::BlockContext context{rules_.chain_id, rules_.epoch, view->head().height.next(),
                                          std::max(ports_.clock.wall(), view->head().time.next()),
                                          rules_.rules_version};
    return contracts::admit(transaction, context, *view);
}

void Validator::gossip(const std::vector<ledger::TransactionPtr>& transactions) {
    network_->broadcast(make_gossip_frame(transactions), Priority::bulk);
}

void Validator::inadmissible(const Digest& transaction, const Error& why) {
    const ledger::TransactionPtr dropped = pool_.find(transaction);
    pool_.drop(transaction);
    // A leader judges by its own clock and on a block that may never be final: no word about expiry yet.
    const Error answer = why.code == Errc::expired && dropped
                             ? expired_at(committer_.view()->head().time, dropped->payload().valid_until)
                             : why;
    for (const auto& done : waiters_.take(transaction)) {
        done(fail(answer));
    }
}

Result<void> Validator::may_submit() const {
    if (!running_) {
        return fail(Errc::not_ready, {}, "the node is not running");
    }
    if (!who_.own) {
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

void Validator::submit(Bytes wire, std::function<void(Result<Submitted>)> done) {
    if (auto allowed = may_submit(); !allowed) {
        done(fail(std::move(allowed).error()));
        return;
    }
    signatures_.submit(std::move(wire), std::move(done));
}

void Validator::await_final(const Digest& transaction, std::chrono::milliseconds timeout, Waiters::Done done) {
    // Registered first: a commit between the two steps is then seen by one of them.
    waiters_.add(transaction, ports_.clock.now() + timeout, std::move(done));
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

Result<Receipt> Validator::receipt(const Digest& transaction) const {
    if (pool_.look(transaction) == Known::pooled) {
        return fail(Errc::not_final_yet);
    }
    return receipt_of(*committer_.view(), transaction);
}

Status Validator::status() const {
    StatusInputs inputs{who_.genesis,
                        rules_,
                        who_.own,
                        driver_status(),
                        network_ != nullptr ? network_->peers() : std::vector<Network::PeerState>{},
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

}  // namespace probatum::node
