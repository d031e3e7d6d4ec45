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
constexpr std::size_t kAnswersQueue = 256;
constexpr std::size_t kSignatureQueue = 16'384;

}  // namespace

Validator::Validator(Membership who, const Options& options, Storage storage, Ports ports)
    : who_{std::move(who)},
      storage_{std::move(storage)},
      ports_{std::move(ports)},
      costs_{options.measure_costs},
      range_limits_{options.range},
      pool_{options.pool},
      committer_{*storage_.chain, start_view(), pool_, waiters_, costs_, commit_ports(), ports_.lanes.make({"commit"})},
      executor_{pool_, *this, costs_},
      signatures_{ports_.lanes.make({"signatures", kSignatureQueue, options.check_threads, true}), ports_.checker,
                  pool_, *this, costs_},
      execution_{ports_.lanes.make({"execution"})},
      serving_{ports_.lanes.make({"serving", kServingQueue})},
      answers_{ports_.lanes.make({"answers", kAnswersQueue})},
      consensus_{ports_.lanes.make({"consensus", kConsensusQueue})} {}

Validator::~Validator() { stop(true); }

Result<std::unique_ptr<Validator>> Validator::open(Membership who, Options options, Storage storage, Ports ports) {
    std::unique_ptr<Validator> out{new Validator{std::move(who), options, std::move(storage), std::move(ports)}};
    PROBATUM_TRY(out->recover());
    PROBATUM_TRY(out->plan_succession(std::move(options.succession)));
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
            [this] { return UnixMs{ports_.clock.wall().raw() - rules()->parameters.clock_bound_ms}; }, ports_.clock};
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

Result<void> Validator::plan_succession(std::optional<SuccessionPlan> plan) {
    if (plan) {
        PROBATUM_LET(ahead, is_ahead(*plan, *committer_.view(), who_.genesis));
        if (ahead) {
            succession_ = std::move(plan);
        }
    }
    return {};
}

RulesPtr Validator::rules_of_child(const ledger::StateView& after) const {
    return make_rules(who_.chain_id, who_.genesis.time, contracts::terms_of_child(after, who_.genesis));
}

RulesPtr Validator::rules() const { return driver_ ? driver_->rules() : rules_of_child(*committer_.view()); }

Result<consensus::Root> Validator::root_of(const ChainRules& rules) const {
    if (rules.epoch == Epoch{0}) {
        return consensus::Root{who_.chain_id, Height{0}};
    }
    const FinalViewPtr view = committer_.view();
    const auto now = contracts::find_terms(*view, rules.epoch);
    if (!now || now->first.raw() < 2) {
        return fail(Errc::storage_corrupt, "state", "the terms of an epoch are missing");
    }
    const Height height{now->first.raw() - 1};
    PROBATUM_LET(header, view->chain().header_at(height));
    const auto before = contracts::find_terms(*view, header.epoch);
    if (!before) {
        return fail(Errc::storage_corrupt, "state", "the terms of an epoch are missing");
    }
    PROBATUM_LET(direct, view->chain().finality_at_or_after(height));
    if (direct.height != height) {
        return fail(Errc::storage_corrupt, "finality", "a closing block has no certificate of its own");
    }
    return consensus::Root{ledger::id_of(header), height,
                           consensus::Closing{before->validators, std::move(direct.certificate)}};
}

Result<Driver::Start> Validator::driver_start(const ChainRules& rules) const {
    Driver::Start out;
    const FinalViewPtr view = committer_.view();
    PROBATUM_LET(root, root_of(rules));
    out.root = std::move(root);
    out.final = {view->chain().height(), view->head_id()};
    out.scan_from = storage_.chain->tip().scan_from;
    if (out.final.height > out.root.height) {
        PROBATUM_LET(direct, view->chain().finality_at_or_after(out.final.height));
        PROBATUM_LET(block, view->chain().block_at(out.final.height, *storage_.journal));
        out.restored.final = consensus::Restored::Final{ref_of(*block), std::move(direct.certificate)};
    }
    if (out.restored.final) {
        const ledger::VoteTarget& final = out.restored.final->certificate.target;
        out.signed_votes.forget_to(final.epoch, final.view);
    }
    out.restored.own_votes = storage_.recovered.own_votes;
    if (const auto& highest = storage_.recovered.highest_final) {
        // Recovery gives no older votes back, also where the block that this makes final is still missing here.
        out.signed_votes.forget_to(highest->target.epoch, highest->target.view);
    }
    for (const ledger::Vote& vote : out.restored.own_votes) {
        out.signed_votes.add(vote.target);
    }
    out.restored.certificates = storage_.recovered.certificates;
    for (const auto& [id, stored] : storage_.recovered.blocks) {
        PROBATUM_LET(block, storage_.journal->read_block(stored.position));
        out.restored.blocks.push_back(ref_of(*block));
        BlockTable::Held held{std::move(block), out.restored.blocks.back(), stored.position};
        out.blocks.push_back(std::move(held));
    }
    return out;
}

Result<void> Validator::attach(Network& network) {
    const RulesPtr rules = rules_of_child(*committer_.view());
    PROBATUM_LET(from, driver_start(*rules));
    network_ = &network;
    driver_ = std::make_unique<Driver>(
        Driver::Parts{who_.genesis, rules, who_.key_id(), ports_.signer, *storage_.journal, committer_, executor_,
                      *consensus_, *execution_, *serving_, *answers_, ports_.clock, pool_, network, ports_.checker,
                      costs_, [this](const Error& error) { raise(error); }, range_limits_, succession_},
        std::move(from));
    return {};
}

void Validator::start() {
    execution_->start();
    serving_->start();
    answers_->start();
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
    answers_->abandon();
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
    if (peer >= kFirstObserver && peer < kFirstSource) {
        return;
    }
    driver_->on_connected(peer, hello);
}

void Validator::on_disconnected(PeerId peer) {
    spdlog::info("peer {} disconnected", peer);
    if (peer >= kFirstObserver && peer < kFirstSource) {
        return;
    }
    driver_->on_disconnected(peer);
}

Result<void> Validator::on_message(PeerId from, Message message) {
    if (std::holds_alternative<Hello>(message)) {
        return fail(Errc::malformed, "hello", "a second hello");
    }
    const bool synchronises = std::holds_alternative<RangeMessage>(message) ||
                              std::holds_alternative<StatusMessage>(message) ||
                              std::holds_alternative<BlockMessage>(message);
    if (from >= kFirstSource && synchronises) {
        driver_->on_message(from, std::move(message));
        return {};
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
    if (!driver_->votes()) {
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
    const RulesPtr rules = this->rules();
    const contracts::BlockContext context{rules->chain_id, rules->epoch, view->head().height.next(),
                                          std::max(ports_.clock.wall(), view->head().time.next()),
                                          rules->rules_version};
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
    if (!driver_->votes()) {
        return fail(Errc::read_only, {}, "a node that does not vote takes no transactions");
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
    StatusInputs inputs{
        who_.genesis,      driver_status(), network_ != nullptr ? network_->peers() : std::vector<Network::PeerState>{},
        committer_.view(), pool_.size(),    &costs_};
    inputs.has_identity = who_.may_vote();
    inputs.read_only = storage_.journal->read_only();
    inputs.running = running_;
    const std::lock_guard lock{alarm_mutex_};
    if (alarm_) {
        inputs.alarm = alarm_->to_string();
    }
    return make_status(inputs);
}

}  // namespace probatum::node
