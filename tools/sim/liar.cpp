#include "tools/sim/liar.h"

#include <algorithm>

#include "base/hash.h"

namespace probatum::sim {

using ledger::VoteKind;

namespace {

constexpr std::size_t kRemembered = 256;
constexpr std::uint64_t kOddView = std::uint64_t{1} << 40U;
constexpr std::size_t kFlood = 100;
constexpr std::size_t kHeaderBytes = 4;
constexpr std::uint64_t kProposal = 1;
constexpr std::uint64_t kVote = 2;
constexpr std::uint64_t kBlock = 7;
constexpr std::uint64_t kRange = 11;
constexpr std::uint64_t kStatus = 12;

std::uint64_t number_of(const node::Frame& frame) { return frame->size() > 5 ? (*frame)[5] : 0; }

template <class T>
std::optional<T> read(const node::Frame& frame) {
    auto message = node::decode_message(ByteView{*frame}.subspan(kHeaderBytes));
    if (!message || !std::holds_alternative<T>(*message)) {
        return std::nullopt;
    }
    return std::get<T>(*std::move(message));
}

}  // namespace

Liar::Liar(Machine& machine, Random random, Lies lies) : machine_{machine}, random_{random}, lies_{lies} {}

void Liar::pass(StationId to, const node::Frame& frame) {
    (void)machine_.around().hub.send(machine_.index(), to, frame);
}

void Liar::to_all(const node::Message& message) {
    const node::Frame frame = node::make_frame(message);
    for (StationId to = 0; to < machine_.around().hub.size(); ++to) {
        pass(to, frame);
    }
}

StationId Liar::anybody() { return static_cast<StationId>(random_.below(machine_.around().hub.size())); }

Digest Liar::nonsense() {
    const std::uint64_t word = random_.next();
    return sha256({reinterpret_cast<const std::uint8_t*>(&word), sizeof word});
}

ledger::Vote Liar::vote(VoteKind kind, View view, const Digest& block) const {
    const ledger::VoteTarget target{kind, rules_->epoch, view, block};
    return {target, seat_, machine_.voter()->sign(target, rules_->validators.at(seat_))};
}

void Liar::take_seat() {
    node::RulesPtr now = machine_.validator()->rules();
    if (rules_ && rules_->epoch == now->epoch) {
        return;
    }
    if (const auto index = now->validators.index_of(*machine_.key_id()); index || !rules_) {
        seat_ = index.value_or(0);
        rules_ = std::move(now);
        blocks_of_view_.clear();  // views count from 1 again
        twins_.clear();
    }
}

node::Proposal Liar::signed_again(node::Proposal proposal) const {
    proposal.vote = vote(VoteKind::notarize, proposal.header.view, ledger::id_of(proposal.header));
    return proposal;
}

/// An empty block leaves the roots of its parent, so it takes no execution to be right about them.
std::optional<node::Proposal> Liar::empty_on(const Digest& parent, ledger::Header header,
                                             const std::optional<ledger::Certificate>& certificate) const {
    const auto known = headers_.find(parent);
    if (known == headers_.end()) {
        return std::nullopt;
    }
    header.parent = parent;
    header.height = known->second.height.next();
    header.log_size = known->second.log_size;
    header.log_root = known->second.log_root;
    header.state_root = known->second.state_root;
    header.next_validators = header.validators;
    header.time = header.time.next();
    const ledger::BlockPtr block = ledger::make_block(header, certificate, {});
    return signed_again(node::proposal_of(*block, {}));
}

/// A block as valid as the first.
std::optional<node::Proposal> Liar::twin_of(const node::Proposal& proposal) const {
    return empty_on(proposal.header.parent, proposal.header, proposal.parent_certificate);
}

/// On the parent of its parent: right in all but that the views between are not nullified.
std::optional<node::Proposal> Liar::lower_twin_of(const node::Proposal& proposal) const {
    const auto parent = headers_.find(proposal.header.parent);
    const auto carried = carried_.find(proposal.header.parent);
    if (parent == headers_.end() || carried == carried_.end()) {
        return std::nullopt;
    }
    return empty_on(parent->second.parent, proposal.header, carried->second);
}

void Liar::forge_votes(const Digest& block, View view) {
    for (ledger::ValidatorIndex name = 0; name < rules_->validators.size(); ++name) {
        for (const VoteKind kind : {VoteKind::notarize, VoteKind::finalize}) {
            to_all(node::VoteMessage{{{kind, rules_->epoch, view, block}, name, scribble(random_)}});
        }
    }
}

/// A chain of its own under a certificate that is not worth its name.
void Liar::fork_range(node::RangeMessage& range) {
    const auto first = range.blocks.empty() ? Result<ledger::BlockPtr>{fail(Errc::malformed)}
                                            : ledger::decode_block(range.blocks.front());
    if (!first) {
        return;
    }
    const auto parent = headers_.find((*first)->header.parent);
    if (parent == headers_.end()) {
        return;
    }
    ledger::Header header = (*first)->header;
    header.log_size = parent->second.log_size;
    header.log_root = parent->second.log_root;
    header.state_root = parent->second.state_root;
    header.time = header.time.next();
    const ledger::BlockPtr block = ledger::make_block(header, (*first)->parent_certificate, {});
    range.blocks = {ledger::encode(*block)};
    range.finality = ledger::Certificate{{VoteKind::finalize, header.epoch, header.view, block->id}, {}};
    for (ledger::ValidatorIndex name = 0; name < rules_->validators.quorum(); ++name) {
        range.finality->signers.push_back({name, scribble(random_)});
    }
}

void Liar::remember(const node::Proposal& proposal) {
    const Digest id = ledger::id_of(proposal.header);
    headers_.insert_or_assign(id, proposal.header);
    carried_.insert_or_assign(id, proposal.parent_certificate);
    auto& known = blocks_of_view_[proposal.header.view];
    if (std::ranges::find(known, id) == known.end() && known.size() < 8) {
        known.push_back(id);
    }
    if (headers_.size() > kRemembered) {
        // The oldest: digests tell nothing of age.
        const auto oldest = std::ranges::min_element(headers_, {}, [](const auto& item) { return item.second.height; });
        carried_.erase(oldest->first);
        headers_.erase(oldest);
    }
    if (blocks_of_view_.size() > kRemembered) {
        blocks_of_view_.erase(blocks_of_view_.begin());
    }
    if (twins_.size() > kRemembered) {
        twins_.erase(twins_.begin());
    }
}

void Liar::say(StationId to, const node::Frame& frame) {
    take_seat();
    if (lies_.selects && (deaf_ >> (to % 64U) & 1U) != 0) {
        return;
    }
    if (lies_.replays) {
        said_.push_back(frame);
        if (said_.size() > kRemembered) {
            said_.pop_front();
        }
        if (random_.percent(5)) {
            pass(anybody(), said_[random_.below(said_.size())]);
        }
    }
    switch (number_of(frame)) {
        case kProposal:
            if (auto proposal = read<node::Proposal>(frame)) {
                say_proposal(to, *std::move(proposal), frame);
            }
            return;
        case kVote:
            if (const auto message = read<node::VoteMessage>(frame)) {
                say_vote(to, message->vote, frame);
            }
            return;
        case kRange:
            if (auto range = read<node::RangeMessage>(frame); range && lies_.false_sync) {
                say_range(to, *std::move(range));
                return;
            }
            break;
        case kBlock:
            if (lies_.false_sync && random_.percent(50)) {
                return;
            }
            break;
        case kStatus:
            if (auto status = read<node::StatusMessage>(frame); status && lies_.false_sync) {
                status->height = Height{status->height.raw() + random_.below(1'000)};
                status->clock = UnixMs{status->clock.raw() + random_.below(100'000)};
                pass(to, *status);
                return;
            }
            break;
        default:
            break;
    }
    pass(to, frame);
}

void Liar::say_proposal(StationId to, node::Proposal proposal, const node::Frame& frame) {
    remember(proposal);
    const View view = proposal.header.view;
    if (lies_.equivocates) {
        auto twin = twins_.find(view);
        if (twin == twins_.end()) {
            if (auto made = twin_of(proposal)) {
                twin = twins_.emplace(view, *std::move(made)).first;
                remember(twin->second);
            }
        }
        if (twin != twins_.end() && (to + view.raw()) % 2 == 0) {
            pass(to, twin->second);
            pass(to, node::VoteMessage{vote(VoteKind::finalize, view, ledger::id_of(twin->second.header))});
            return;
        }
    }
    if (!say_false_proposal(to, proposal)) {
        pass(to, frame);
    }
}

bool Liar::say_false_proposal(StationId to, const node::Proposal& original) {
    node::Proposal proposal = original;
    const View view = proposal.header.view;
    if (lies_.builds_low && random_.percent(60)) {
        if (auto low = lower_twin_of(proposal)) {
            remember(*low);
            to_all(*low);
            return true;
        }
    }
    if (lies_.forges && random_.percent(60) && proposal.parent_certificate) {
        ledger::Certificate forged = *proposal.parent_certificate;
        forged.signers.front().signature = scribble(random_);
        if (const auto twin = empty_on(proposal.header.parent, proposal.header, forged)) {
            pass(to, *twin);
            forge_votes(ledger::id_of(twin->header), view);
            return true;
        }
    }
    if (lies_.invalid_blocks && random_.percent(40)) {
        switch (random_.below(4)) {
            case 0:
                proposal.header.height = proposal.header.height.next();
                break;
            case 1:
                proposal.header.parent = nonsense();
                break;
            case 2:
                proposal.transactions.push_back(nonsense());
                break;
            default:
                proposal.header.view = view.next();
                break;
        }
        pass(to, signed_again(std::move(proposal)));
        return true;
    }
    if (lies_.wrong_roots && random_.percent(40)) {
        (random_.percent(50) ? proposal.header.state_root : proposal.header.log_root) = nonsense();
        pass(to, signed_again(std::move(proposal)));
        return true;
    }
    if (lies_.false_time && random_.percent(50)) {
        const std::uint64_t wrong = random_.between(8'000, 3'600'000);
        proposal.header.time =
            UnixMs{random_.percent(70) ? proposal.header.time.raw() + wrong : proposal.header.time.raw() - wrong};
        pass(to, signed_again(std::move(proposal)));
        return true;
    }
    return false;
}

void Liar::say_vote(StationId to, const ledger::Vote& own, const node::Frame& frame) {
    if (lies_.withholds && random_.percent(60)) {
        return;
    }
    if (lies_.odd_views && random_.percent(20)) {
        const std::uint64_t view = own.target.view.raw();
        const View odd{random_.percent(50) ? view + random_.below(kOddView) : view - random_.below(view + 1)};
        pass(to, node::VoteMessage{vote(own.target.kind, odd, own.target.block)});
    }
    pass(to, frame);
    if (lies_.votes_twice) {
        contradict(own.target);
    }
}

/// Every kind of vote for every block that it knows of this view, each to somebody.
void Liar::contradict(const ledger::VoteTarget& about) {
    const auto known = blocks_of_view_.find(about.view);
    if (known != blocks_of_view_.end()) {
        for (const Digest& block : known->second) {
            pass(anybody(), node::VoteMessage{vote(VoteKind::notarize, about.view, block)});
            pass(anybody(), node::VoteMessage{vote(VoteKind::finalize, about.view, block)});
        }
    }
    if (random_.percent(50)) {
        pass(anybody(), node::VoteMessage{vote(VoteKind::nullify, about.view, {})});
    }
}

void Liar::say_range(StationId to, node::RangeMessage range) {
    switch (random_.below(6)) {
        case 5:
            fork_range(range);
            break;
        case 0:
            range.blocks.clear(), range.finality.reset();
            break;
        case 1:
            if (!range.blocks.empty()) {
                Bytes& block = range.blocks[random_.below(range.blocks.size())];
                block[random_.below(block.size())] ^= 1U;
            }
            break;
        case 2:
            if (range.blocks.size() > 1) {
                range.blocks.pop_back();
            }
            break;
        case 3:
            if (range.finality) {
                range.finality->target.kind = VoteKind::notarize;
            }
            break;
        default:
            return;
    }
    pass(to, range);
}

void Liar::heard(StationId, const node::Frame& frame) {
    take_seat();
    if (number_of(frame) == kProposal) {
        if (const auto proposal = read<node::Proposal>(frame)) {
            remember(*proposal);
            if (lies_.votes_twice || lies_.equivocates) {
                contradict(proposal->vote.target);
            }
        }
    } else if (number_of(frame) == kVote && lies_.votes_twice && random_.percent(20)) {
        if (const auto message = read<node::VoteMessage>(frame)) {
            contradict(message->vote.target);
        }
    }
}

void Liar::flood() {
    node::TransactionsMessage junk;
    for (std::size_t i = 0; i < kFlood; ++i) {
        const auto kind = static_cast<VoteKind>(random_.between(1, 3));
        const Digest block = kind == VoteKind::nullify ? Digest{} : nonsense();
        to_all(node::VoteMessage{vote(kind, View{random_.between(1, 2'000)}, block)});
        junk.transactions.push_back({nonsense(), Bytes(random_.between(1, 400), 0x42)});
    }
    std::ranges::sort(junk.transactions, {}, &node::Gossiped::id);
    pass(anybody(), junk);
}

void Liar::stir() {
    if (!machine_.alive()) {
        return;
    }
    take_seat();
    deaf_ = random_.next() & random_.next();
    if (lies_.floods && random_.percent(30)) {
        flood();
    }
    if (lies_.garbage) {
        auto bytes = std::make_shared<Bytes>(random_.between(5, 600));
        std::ranges::generate(*bytes, [this] { return static_cast<std::uint8_t>(random_.next()); });
        pass(anybody(), bytes);
    }
    if (lies_.false_sync) {
        pass(anybody(), node::RangeMessage{Height{random_.below(1'000)}, {}, std::nullopt});
        pass(anybody(), node::FetchRangeMessage{Height{random_.below(100)}});
        pass(anybody(), node::AskViewMessage{rules_->epoch, View{random_.below(1'000)}});
    }
}

}  // namespace probatum::sim
