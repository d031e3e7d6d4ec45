#include "tools/sim/referee.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "consensus/limits.h"
#include "contracts/execution.h"

namespace probatum::sim {

namespace {

constexpr std::size_t kMaxViolations = 20;
constexpr std::uint64_t kClockSlackMs = 1'000;
constexpr std::size_t kMaxBlocks = 512;
constexpr std::size_t kMaxCertificates = 2'048;
constexpr std::size_t kMaxQueue = 17'000;
constexpr std::size_t kRememberedViews = 2'048;
constexpr std::uint8_t kProposalNumber = 1;
constexpr std::uint8_t kVoteNumber = 2;

tl::unexpected<Error> wrong(std::string field, std::string why) {
    return fail(Errc::invalid_block, std::move(field), std::move(why));
}

void put_all(std::map<Digest, Bytes>& values, const ledger::StateOverlay::Writes& writes) {
    for (const auto& [key, value] : writes) {
        if (value) {
            values[key] = *value;
        } else {
            values.erase(key);
        }
    }
}

}  // namespace

Reference::Reference(const World& world)
    : world_{world},
      head_id_{world.chain_id()},
      terms_{contracts::terms_of_child(*this, world.genesis())},
      set_before_{world.set()},
      clock_bound_ms_{world.genesis().parameters.clock_bound_ms} {
    const auto genesis = contracts::genesis_state(world.genesis());
    put_all(values_, genesis);
    terms_ = contracts::terms_of_child(*this, world.genesis());
    tree_ = tree_.apply(ledger::changes_of(genesis));
    head_.time = world.genesis().time;
}

std::optional<Bytes> Reference::get(const Digest& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? std::nullopt : std::optional{found->second};
}

Result<void> Reference::check_place(const ledger::Block& block) const {
    const ledger::Header& header = block.header;
    if (header.height != head_.height.next() || header.parent != head_id_) {
        return wrong("parent", "not the child of the block before");
    }
    if (header.time <= head_.time) {
        return wrong("time", "not after the parent's");
    }
    if (header.epoch != terms_.epoch || header.rules_version != terms_.rules_version) {
        return wrong("epoch", "not that of the terms in force");
    }
    if (header.view.raw() == 0 || (!opens_epoch() && header.view <= head_.view)) {
        return wrong("view", "not after the parent's");
    }
    if (header.proposer != (header.epoch.raw() + header.view.raw()) % terms_.validators.size()) {
        return wrong("proposer", "not the leader of its view");
    }
    if (header.validators != terms_.validators.digest()) {
        return wrong("validators", "not those of its epoch");
    }
    return check_parent_certificate(block);
}

Result<void> Reference::check_parent_certificate(const ledger::Block& block) const {
    if (!block.parent_certificate) {
        return block.header.height.raw() == 1 ? Result<void>{} : wrong("parent_certificate", "missing");
    }
    const ledger::VoteTarget& target = block.parent_certificate->target;
    const bool opens = opens_epoch();
    if (target.kind != (opens ? ledger::VoteKind::finalize : ledger::VoteKind::notarize) ||
        target.block != block.header.parent || target.epoch != head_.epoch) {
        return wrong("parent_certificate",
                     opens ? "not a finality of the epoch's end" : "not a notarization of the parent");
    }
    PROBATUM_TRY(ledger::verify_certificate(*block.parent_certificate, opens ? set_before_ : terms_.validators,
                                            world_.chain_id(), world_.checker()));
    return {};
}

void Reference::begin(const ledger::Block& block, const contracts::BlockContext& context) {
    const auto writes = contracts::begin_block({context, block.header.parent, block.header.proposer,
                                                block.parent_certificate ? &*block.parent_certificate : nullptr},
                                               *this);
    put_all(values_, writes);
    tree_ = tree_.apply(ledger::changes_of(writes));
}

void Reference::end_of_block() {
    if (!world_.is_governed()) {
        return;
    }
    if (auto next = contracts::next_terms(*this)) {
        set_before_ = terms_.validators;
        terms_ = *std::move(next);
        clock_bound_ms_ = std::max<std::uint64_t>(clock_bound_ms_, terms_.parameters.clock_bound_ms);
    }
}

Result<void> Reference::apply(const ledger::Block& block) {
    PROBATUM_TRY(check_place(block));
    const ledger::Header& header = block.header;
    const contracts::BlockContext context{header.chain_id, header.epoch, header.height, header.time,
                                          header.rules_version};
    // Who may stand in the block and whose signatures hold is a question to the state before it.
    for (const ledger::TransactionPtr& transaction : block.transactions) {
        PROBATUM_TRY(contracts::admit(*transaction, context, *this));
        PROBATUM_LET(key, contracts::find_key(*this, transaction->header().key_id));
        PROBATUM_TRY(world_.checker().check(key, transaction->signing_digest(), transaction->statement().signature));
    }
    begin(block, context);
    std::uint32_t index = 0;
    for (const ledger::TransactionPtr& transaction : block.transactions) {
        if (!recorded_.emplace(transaction->id(), header.height).second) {
            return wrong("transactions", to_hex(transaction->id()) + " is recorded twice");
        }
        contracts::Execution execution = contracts::execute(*transaction, context, index++, *this);
        refusals_ += execution.outcome.accepted() ? 0 : 1;
        const std::vector<ledger::StateChange> changes = ledger::changes_of(execution.writes);
        put_all(values_, execution.writes);
        tree_ = tree_.apply(changes);
        log_.append(ledger::log::leaf_hash(ledger::encode(
            ledger::Entry{transaction->id(), std::move(execution.outcome), ledger::change_digest(changes)})));
    }
    if (header.log_size != log_.size || header.log_root != log_.root()) {
        return wrong("log_root", "not what the transactions give");
    }
    if (header.state_root != tree_.root()) {
        return wrong("state_root", "not what the transactions give");
    }
    head_ = header;
    head_id_ = block.id;
    end_of_block();
    if (header.next_validators != terms_.validators.digest()) {
        return wrong("next_validators", "not those of the terms that follow");
    }
    return {};
}

void Referee::violation(const std::string& what) {
    if (violations_.size() < kMaxViolations) {
        violations_.push_back(what);
    }
}

void Referee::said(Machine& machine, const node::Frame& frame) {
    constexpr std::size_t kHeaderBytes = 4;
    const std::uint8_t kind = frame->size() > kHeaderBytes + 1 ? (*frame)[kHeaderBytes + 1] : 0;
    if (kind != kProposalNumber && kind != kVoteNumber) {
        return;
    }
    const auto message = node::decode_message(ByteView{*frame}.subspan(kHeaderBytes));
    if (!message) {
        violation("validator " + std::to_string(machine.index()) + " sends what does not decode");
    } else if (const auto* proposal = std::get_if<node::Proposal>(&*message)) {
        note_vote(machine, proposal->vote);
    } else if (const auto* vote = std::get_if<node::VoteMessage>(&*message)) {
        note_vote(machine, vote->vote);
    }
}

std::set<Digest> Referee::finalized_in(Epoch epoch) const {
    std::set<Digest> out;
    const auto seen = epochs_.find(epoch);
    if (seen == epochs_.end()) {
        return out;
    }
    const ledger::ValidatorSet& set = seen->second.rules->validators;
    std::set<StationId> faulty;
    for (ledger::ValidatorIndex i = 0; i < set.size(); ++i) {
        const auto machine = static_cast<StationId>(world_.machine_of(set.key_id(i)));
        if (faulty_(machine)) {
            faulty.insert(machine);
        }
    }
    for (const auto& [target, voters] : seen->second.finalized) {
        const auto more = std::ranges::count_if(faulty, [&](StationId one) { return !voters.contains(one); });
        if (voters.size() + static_cast<std::size_t>(more) >= set.quorum()) {
            out.insert(target.second);
        }
    }
    return out;
}

void Referee::note_first_vote(StationId who, Epoch epoch) {
    EpochSeen& now = epochs_[epoch];
    if (epoch.raw() > 0 && !now.first_votes.contains(who)) {
        now.first_votes.emplace(who, finalized_in(Epoch{epoch.raw() - 1}));
        check_first_votes(epoch);
    }
}

void Referee::check_first_votes(Epoch epoch) {
    const EpochSeen& now = epochs_[epoch];
    for (const auto& [who, final] : now.first_votes) {
        if (now.root && !final.contains(*now.root)) {
            violation("validator " + std::to_string(who) + " voted in epoch " + std::to_string(epoch.raw()) +
                      " before the one before had ended");
        }
    }
}

void Referee::note_vote(Machine& machine, const ledger::Vote& vote) {
    const StationId who = machine.index();
    const node::RulesPtr rules = machine.validator()->rules();
    const auto own = machine.key_id() ? rules->validators.index_of(*machine.key_id()) : std::nullopt;
    if (vote.target.epoch != rules->epoch || vote.signer != own) {
        violation("validator " + std::to_string(who) + " votes where it has no vote: epoch " +
                  std::to_string(vote.target.epoch.raw()));
        return;
    }
    EpochSeen& epoch = epochs_[vote.target.epoch];
    epoch.rules = rules;
    note_first_vote(who, vote.target.epoch);
    if (world_.is_governed() && vote.target.kind == ledger::VoteKind::finalize) {
        epoch.finalized[{vote.target.view, vote.target.block}].insert(who);
        if (epoch.finalized.size() > kRememberedViews) {
            epoch.finalized.erase(epoch.finalized.begin());
        }
    }
    auto& views = votes_.at(who);
    if (views.size() > kRememberedViews) {
        views.erase(views.begin());
    }
    Votes& known = views[{vote.target.epoch, vote.target.view}];
    bool sound = true;
    switch (vote.target.kind) {
        case ledger::VoteKind::notarize:
            sound = sound && (!known.notarized || *known.notarized == vote.target.block);
            known.notarized = vote.target.block;
            break;
        case ledger::VoteKind::finalize:
            sound = sound && !known.nullified && (!known.finalized || *known.finalized == vote.target.block);
            known.finalized = vote.target.block;
            break;
        case ledger::VoteKind::nullify:
            sound = sound && !known.finalized;
            known.nullified = true;
            break;
    }
    if (!sound) {
        violation("validator " + std::to_string(who) + " contradicts its own vote in view " +
                  std::to_string(vote.target.view.raw()));
    }
}

bool Referee::first_at(Machine& machine, Height height) {
    const node::FinalViewPtr view = machine.validator()->view();
    const auto block = view->chain().block_at(height, machine.validator()->journal());
    const std::string where =
        "validator " + std::to_string(machine.index()) + ", height " + std::to_string(height.raw());
    if (!block) {
        if (!machine.disk().is_damaged()) {
            violation(where + ": the block cannot be read: " + block.error().to_string());
        }
        return false;
    }
    chain_.push_back((*block)->id);
    for (const ledger::TransactionPtr& transaction : (*block)->transactions) {
        if (!offered_.contains(transaction->id())) {
            violation(where + ": a transaction that no client sent");
        }
    }
    if ((*block)->header.time.raw() > latest_clock_.raw() + reference_.clock_bound_ms() + kClockSlackMs) {
        violation(where + ": a time beyond the bound of every honest clock");
    }
    if (reference_.head().epoch != (*block)->header.epoch) {
        views_before_ += reference_.head().view.raw();
    }
    const Epoch before = reference_.terms().epoch;
    if (const auto applied = reference_.apply(**block); !applied) {
        violation(where + ": " + applied.error().to_string());
    }
    if (reference_.terms().epoch != before) {
        epochs_[reference_.terms().epoch].root = (*block)->id;
        check_first_votes(reference_.terms().epoch);
    }
    return true;
}

void Referee::committed(Machine& machine) {
    const node::FinalViewPtr view = machine.validator()->view();
    Height& seen = seen_[machine.index()];
    if (std::exchange(lives_[machine.index()], machine.lives()) != machine.lives()) {
        seen = Height{};  // everything again: a new process reads from its disk
    }
    // After a restart the last blocks tell; each one names its parent.
    if (seen == Height{} && view->chain().height().raw() > 32) {
        seen = Height{view->chain().height().raw() - 32};
    }
    for (Height height = seen.next(); height <= view->chain().height(); height = height.next()) {
        while (chain_.size() < height.raw()) {
            if (!first_at(machine, Height{chain_.size() + 1}) || !violations_.empty()) {
                return;
            }
        }
        const auto header = view->chain().header_at(height);
        if (!header && machine.disk().is_damaged()) {
            continue;  // noticed, which is all that can be asked
        }
        if (!header || height.raw() > chain_.size() || ledger::id_of(*header) != id_at(height)) {
            violation("validator " + std::to_string(machine.index()) + " has another final block at height " +
                      std::to_string(height.raw()));
            break;
        }
    }
    seen = view->chain().height();
}

void Referee::look_at_memory(Machine& machine) {
    const node::DriverStatus status = machine.validator()->driver_status();
    const std::size_t views = consensus::kVoteViewsAhead + consensus::kVoteViewsBehind + 2;
    peaks_.votes = std::max(peaks_.votes, status.consensus.pooled_votes);
    peaks_.certificates = std::max(peaks_.certificates, status.consensus.held_certificates);
    peaks_.blocks = std::max(peaks_.blocks, status.consensus.known_blocks);
    peaks_.pool = std::max(peaks_.pool, machine.validator()->pool_size().transactions);
    peaks_.queue = std::max(peaks_.queue, machine.lanes().most_waiting());
    if (status.consensus.pooled_votes > world_.machines() * (3 * views + 1) ||
        status.consensus.known_blocks > kMaxBlocks || status.consensus.held_certificates > kMaxCertificates ||
        machine.lanes().most_waiting() > kMaxQueue) {
        violation("validator " + std::to_string(machine.index()) +
                  " holds more than it may: " + std::to_string(status.consensus.pooled_votes) + " votes, " +
                  std::to_string(status.consensus.held_certificates) + " certificates, " +
                  std::to_string(status.consensus.known_blocks) + " blocks, " +
                  std::to_string(machine.lanes().most_waiting()) + " tasks");
    }
}

void Referee::compare_state(Machine& machine) {
    const node::FinalViewPtr view = machine.validator()->view();
    if (view->chain().height() != height()) {
        return;
    }
    auto expected = reference_.values().begin();
    bool same = true;
    const auto read = view->chain().for_each_state([&](const Digest& key, ByteView value) {
        same = expected != reference_.values().end() && expected->first == key &&
               std::ranges::equal(expected->second, value);
        if (same) {
            ++expected;
        }
        return same;
    });
    if (!read && machine.disk().is_damaged()) {
        return;
    }
    if (!read || !same || expected != reference_.values().end()) {
        violation("validator " + std::to_string(machine.index()) + " stores another state than the reference");
    }
}

}  // namespace probatum::sim
