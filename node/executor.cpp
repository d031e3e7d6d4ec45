#include "node/executor.h"

#include <algorithm>

#include "base/text_encoding.h"
#include "consensus/leader_schedule.h"
#include "contracts/succession.h"

namespace probatum::node {

namespace {

tl::unexpected<Error> invalid(std::string field, std::string why) {
    return fail(Errc::invalid_block, std::move(field), std::move(why));
}

}  // namespace

Executor::Executor(Mempool& pool, ExecutionPorts& ports, StageCosts& costs)
    : pool_{pool}, ports_{ports}, costs_{costs} {}

/// Reading them from the state costs a key per validator, so they are kept for as long as the base stays.
RulesPtr Executor::rules_above(const CommittedBase& base) const {
    const Digest& id = base.view->block_id();
    if (!rules_above_.second || rules_above_.first != id) {
        const ExecutedPtr known = find(id);
        rules_above_ = {id, known ? known->child_rules : ports_.rules_of_child(*base.view)};
    }
    return rules_above_.second;
}

bool Executor::Parent::holds(const Digest& transaction) const {
    return std::ranges::any_of(pending, [&](const ExecutedPtr& block) { return block->ids.contains(transaction); });
}

std::optional<Executor::Parent> Executor::parent_of(const Digest& id, Height height) const {
    Parent out;
    out.base = ports_.committed();
    const Height committed = out.base.view->height();
    Digest at = id;
    for (Height above = height; above.raw() > committed.raw() + 1; above = Height{above.raw() - 1}) {
        const auto found = pending_.find(at);
        if (found == pending_.end()) {
            return std::nullopt;
        }
        out.pending.push_back(found->second);
        at = found->second->block->header.parent;
    }
    // A fork that the final chain has left behind ends beside the base, not on it.
    if (height <= committed || at != out.base.view->block_id()) {
        return std::nullopt;
    }
    if (!out.pending.empty()) {
        out.header = out.pending.front()->block->header;
        out.time = out.header->time;
        out.log = out.pending.front()->log;
        out.rules = out.pending.front()->child_rules;
        out.opens = out.pending.front()->closing();
    } else {
        out.header = out.base.view->header();
        out.rules = rules_above(out.base);
        out.time = out.header ? out.header->time : out.rules->genesis_time;
        out.log = out.base.view->log_frontier();
        out.opens = out.header && out.header->epoch != out.rules->epoch;
    }
    return out;
}

void Executor::accept_succession(const Digest& last, std::vector<Bytes> statements) {
    succession_.emplace(last, std::move(statements));
}

Result<RulesPtr> Executor::successors(const ledger::Block& block) {
    std::optional<Parent> parent = parent_of(block.header.parent, block.header.height);
    if (!parent) {
        return RulesPtr{};
    }
    PROBATUM_TRY(succeed(*parent, block.succession));
    return parent->rules;
}

/// The children of this block begin the epoch that the statements speak of.
Result<void> Executor::succeed(Parent& parent, const std::vector<Bytes>& statements) {
    if (!parent.header) {
        return fail(Errc::succession_invalid, "last", "no block is final yet");
    }
    const PendingView view{parent.pending, parent.base, cache_};
    PROBATUM_LET(writes, contracts::succeed(statements, *parent.header, ports_.genesis(), view));
    ledger::StateOverlay state{view};
    state.absorb(ledger::StateOverlay::Writes{writes});
    parent.rules = make_rules(parent.header->chain_id, parent.rules->genesis_time,
                              contracts::terms_of_child(state, ports_.genesis()), ledger::id_of(*parent.header));
    parent.opens = true;
    parent.succession = std::move(writes);
    return {};
}

contracts::BlockContext Executor::context_of(const ledger::Header& header) const {
    return {header.chain_id, header.epoch, header.height, header.time, header.rules_version};
}

bool Executor::recorded_before(const Digest& transaction, const Parent& parent) const {
    return parent.holds(transaction) || parent.base.view->holds_transaction(transaction);
}

std::vector<ledger::TransactionPtr> Executor::choose(const BuildRequest& request, const Parent& parent,
                                                     const contracts::BlockContext& context,
                                                     const ledger::StateView& state) {
    const contracts::Parameters& parameters = parent.rules->parameters;
    const std::uint32_t shift = std::min(request.halvings, 16U);
    PickLimits limits;
    limits.transactions = std::max<std::size_t>(
        1, std::min<std::size_t>(parameters.max_block_transactions, ledger::kMaxBlockTransactions) >> shift);
    limits.bytes = std::max<std::size_t>(parameters.max_transaction_bytes, parameters.max_block_bytes >> shift);
    limits.work = std::max(parameters.max_transaction_work, parameters.max_block_work >> shift);
    limits.time = context.time;
    Mempool::Picked picked = pool_.pick(limits, [&](const Digest& id) { return parent.holds(id); });
    const auto cannot_stand = [&](const ledger::TransactionPtr& transaction) {
        if (parent.base.view->holds_transaction(transaction->id())) {
            pool_.remove_final({transaction});
            return true;
        }
        auto admitted = contracts::admit(*transaction, context, state);
        if (!admitted) {
            ports_.inadmissible(transaction->id(), admitted.error());
        }
        return !admitted.has_value();
    };
    // What the limits of today shut out leaves the pool; staying, it would keep everything behind it waiting.
    std::erase_if(picked.too_great, cannot_stand);
    std::erase_if(picked.fitting, cannot_stand);
    return std::move(picked.fitting);
}

ExecutedPtr Executor::build(const BuildRequest& request) {
    std::optional<Parent> parent = parent_of(request.parent, request.height);
    if (!parent) {
        return nullptr;
    }
    const bool succeeds = succession_ && succession_->first == request.parent;
    if (succeeds && !succeed(*parent, succession_->second)) {
        return nullptr;
    }
    const ChainRules& rules = *parent->rules;
    ledger::Header header;
    header.chain_id = rules.chain_id;
    header.epoch = rules.epoch;
    header.height = request.height;
    header.view = request.view;
    header.parent = request.parent;
    header.proposer = request.proposer;
    header.time = std::max(request.now, parent->time.next());
    header.validators = rules.validators.digest();
    header.rules_version = rules.rules_version;
    const contracts::BlockContext context = context_of(header);
    const PendingView view{parent->pending, parent->base, cache_};
    std::vector<ledger::TransactionPtr> chosen;
    if (!succeeds) {
        chosen = choose(request, *parent, context, view);
    }
    if (chosen.empty() && !request.allow_empty && !succeeds) {
        return nullptr;
    }
    auto executed = execute(header, request.parent_certificate, chosen, *parent, view);
    header.next_validators = executed->child_rules->validators.digest();
    header.log_size = executed->log.size;
    header.log_root = executed->log.root();
    header.state_root = executed->tree.root();
    return keep(std::move(executed), ledger::make_block(header, request.parent_certificate, std::move(chosen),
                                                        succeeds ? succession_->second : std::vector<Bytes>{}));
}

Result<void> Executor::check_header(const ledger::Block& block, const Parent& parent) const {
    const ledger::Header& header = block.header;
    const ChainRules& rules = *parent.rules;
    if (header.version != ledger::kFormatVersion) {
        return invalid("version", "an unknown format");
    }
    if (header.chain_id != rules.chain_id) {
        return invalid("chain_id", "another chain");
    }
    if (header.epoch != rules.epoch) {
        return invalid("epoch", "another epoch");
    }
    if (header.time <= parent.time) {
        return invalid("time", "not after the parent's");
    }
    if (header.validators != rules.validators.digest()) {
        return invalid("validators", "another validator set");
    }
    if (header.rules_version != rules.rules_version) {
        return invalid("rules_version", "other rules");
    }
    if (header.view.raw() == 0) {
        return invalid("view", "views begin at 1");
    }
    if (header.proposer != consensus::leader_of(header.epoch, header.view, rules.validators.size())) {
        return invalid("proposer", "not the leader of its view");
    }
    if (block.parent_certificate.has_value() == (header.parent == rules.chain_id)) {
        return invalid("parent_certificate", "absent exactly for the first block");
    }
    if (!block.parent_certificate) {
        return {};
    }
    const ledger::VoteTarget& target = block.parent_certificate->target;
    if (target.block != header.parent || !parent.header || target.epoch != parent.header->epoch) {
        return invalid("parent_certificate", "of another block or epoch");
    }
    if (parent.opens != (target.kind == ledger::VoteKind::finalize)) {
        return invalid("parent_certificate", "a finality exactly where an epoch begins");
    }
    if (!parent.opens && target.view >= header.view) {
        return invalid("parent_certificate", "of a later view");
    }
    return {};
}

Result<void> Executor::check_transactions(const ledger::Block& block, const Parent& parent,
                                          const ledger::StateView& state, Trust trust) {
    const contracts::Parameters& parameters = parent.rules->parameters;
    if (block.transactions.size() > parameters.max_block_transactions) {
        return invalid("transactions", "more than a block may hold");
    }
    const contracts::BlockContext context = context_of(block.header);
    std::uint64_t bytes = 0;
    std::uint64_t work = 0;
    for (const auto& transaction : block.transactions) {
        bytes += transaction->wire().size();
        work += contracts::work_units(*transaction);
        if (auto admitted = contracts::admit(*transaction, context, state); !admitted) {
            return invalid("transactions." + to_hex(transaction->id()), admitted.error().to_string());
        }
        if (recorded_before(transaction->id(), parent)) {
            return invalid("transactions." + to_hex(transaction->id()), "recorded before");
        }
    }
    if (bytes > parameters.max_block_bytes) {
        return invalid("transactions", "more bytes than a block may hold");
    }
    if (work > parameters.max_block_work) {
        return invalid("transactions", "more work than a block may hold");
    }
    if (trust == Trust::certified) {
        return {};
    }
    for (const std::size_t position : pool_.unchecked_among(block.transactions)) {
        const auto& transaction = block.transactions[position];
        const StageTimer timer{costs_, Stage::check, 1};
        if (auto held = ports_.check_signature(*transaction, state); !held) {
            return invalid("transactions." + to_hex(transaction->id()), held.error().to_string());
        }
        pool_.adopt(transaction, contracts::work_units(*transaction));
    }
    return {};
}

Executor::Checked Executor::check(const ledger::BlockPtr& block, Trust trust) {
    if (ExecutedPtr known = find(block->id)) {
        return {std::move(known), std::nullopt};
    }
    std::optional<Parent> parent = parent_of(block->header.parent, block->header.height);
    if (!parent) {
        return {};
    }
    if (!block->succession.empty()) {
        if (auto holds = succeed(*parent, block->succession); !holds) {
            return {nullptr, Error{Errc::invalid_block, "succession", holds.error().to_string()}};
        }
    }
    if (auto fine = check_header(*block, *parent); !fine) {
        return {nullptr, std::move(fine).error()};
    }
    if (auto sound = ledger::check_parts(*block); !sound) {
        return {nullptr, std::move(sound).error()};
    }
    const PendingView view{parent->pending, parent->base, cache_};
    if (auto fine = check_transactions(*block, *parent, view, trust); !fine) {
        return {nullptr, std::move(fine).error()};
    }
    auto executed = execute(block->header, block->parent_certificate, block->transactions, *parent, view);
    const auto refuse = [](const char* field) {
        return Checked{nullptr, Error{Errc::invalid_block, field, "execution here gives another value"}};
    };
    if (executed->log.size != block->header.log_size) {
        return refuse("log_size");
    }
    if (executed->log.root() != block->header.log_root) {
        return refuse("log_root");
    }
    if (executed->tree.root() != block->header.state_root) {
        return refuse("state_root");
    }
    if (executed->child_rules->validators.digest() != block->header.next_validators) {
        return refuse("next_validators");
    }
    return {keep(std::move(executed), block), std::nullopt};
}

void Executor::execute_all(const std::vector<ledger::TransactionPtr>& transactions,
                           const contracts::BlockContext& context, ledger::StateOverlay& state,
                           std::map<Digest, std::optional<Digest>>& changed, ExecutedBlock& out) {
    std::uint32_t index = 0;
    for (const auto& transaction : transactions) {
        contracts::Execution execution = contracts::execute(*transaction, context, index++, state);
        const std::vector<ledger::StateChange> changes = ledger::changes_of(execution.writes);
        for (const ledger::StateChange& change : changes) {
            changed[change.key] = change.value_digest;
        }
        out.entries.push_back({transaction->id(), std::move(execution.outcome), ledger::change_digest(changes)});
        out.log.append(ledger::log::leaf_hash(ledger::encode(out.entries.back())));
        for (contracts::SubjectEvent& event : execution.events) {
            out.events.push_back({event.refused, std::move(event.leaf)});
        }
        for (contracts::IndexEntry& entry : execution.index) {
            out.index.push_back({static_cast<std::uint8_t>(entry.kind), std::move(entry.key), entry.subject});
        }
        out.ids.insert(transaction->id());
        state.absorb(std::move(execution.writes));
    }
}

std::shared_ptr<ExecutedBlock> Executor::execute(const ledger::Header& header,
                                                 const std::optional<ledger::Certificate>& parent_certificate,
                                                 const std::vector<ledger::TransactionPtr>& transactions,
                                                 const Parent& parent, const PendingView& view) {
    auto out = std::make_shared<ExecutedBlock>();
    out->log_before = parent.log;
    out->log = parent.log;
    out->rules = parent.rules;
    out->child_rules = parent.rules;
    std::map<Digest, std::optional<Digest>> changed;
    {
        const StageTimer timer{costs_, Stage::execute, transactions.size()};
        const contracts::BlockContext context = context_of(header);
        ledger::StateOverlay state{view};
        const auto write = [&](ledger::StateOverlay::Writes writes) {
            for (const ledger::StateChange& change : ledger::changes_of(writes)) {
                changed[change.key] = change.value_digest;
            }
            state.absorb(std::move(writes));
        };
        write(parent.succession);
        write(contracts::begin_block(
            {context, header.parent, header.proposer, parent_certificate ? &*parent_certificate : nullptr}, state));
        execute_all(transactions, context, state, changed, *out);
        if (const auto next = contracts::next_terms(state)) {
            out->child_rules = make_rules(header.chain_id, parent.rules->genesis_time, *next);
        }
        out->writes = std::move(state).take();
    }
    const StageTimer timer{costs_, Stage::tree, transactions.size()};
    std::vector<ledger::StateChange> changes;
    changes.reserve(changed.size());
    for (const auto& [key, digest] : changed) {
        changes.push_back({key, digest});
    }
    out->tree = view.tree().apply(changes);
    return out;
}

ExecutedPtr Executor::keep(std::shared_ptr<ExecutedBlock> executed, ledger::BlockPtr block) {
    executed->block = std::move(block);
    const Digest id = executed->block->id;
    return pending_[id] = std::move(executed);
}

ExecutedPtr Executor::find(const Digest& block) const {
    const auto found = pending_.find(block);
    return found == pending_.end() ? nullptr : found->second;
}

void Executor::prune() {
    const CommittedBase base = ports_.committed();
    (void)rules_above(base);
    const Height committed = base.view->height();
    std::erase_if(pending_, [&](const auto& item) { return item.second->block->header.height <= committed; });
}

}  // namespace probatum::node
