#include <spdlog/spdlog.h>

#include "base/text_encoding.h"
#include "consensus/leader_schedule.h"
#include "node/driver.h"

namespace probatum::node {

namespace {

constexpr auto kFetchRetry = std::chrono::milliseconds{400};
constexpr Moment::duration kLongestPatience = std::chrono::seconds{60};
constexpr std::size_t kMaxProposalsOfView = 4;
constexpr std::uint64_t kViewsAhead = 16;

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace

void Driver::handle(PeerId from, Message& message) {
    std::visit(Overloaded{
                   [&](Proposal& m) {
                       if (!is_for_nobody(from, m.header.epoch) && own_) {
                           handle_proposal(from, std::move(m));
                       }
                   },
                   [&](VoteMessage& m) {
                       if (!is_for_nobody(from, m.vote.target.epoch) && own_) {
                           step(consensus::VoteArrived{std::move(m.vote), directory_.index_of(from)});
                       }
                   },
                   [&](CertificateMessage& m) {
                       if (!is_for_nobody(from, m.certificate.target.epoch) && own_) {
                           step(consensus::CertificateArrived{std::move(m.certificate), directory_.index_of(from)});
                       }
                   },
                   [&](AskViewMessage& m) {
                       if (!is_for_nobody(from, m.epoch)) {
                           step(consensus::ViewAsked{m.view, directory_.index_of(from)});
                       }
                   },
                   [&](FetchBlockMessage& m) { handle_fetch_block(from, m.id); },
                   [&](BlockMessage& m) { handle_block(from, m); },
                   [&](FetchTransactionsMessage& m) { handle_fetch_transactions(from, m); },
                   [&](BlockTransactionsMessage& m) {
                       auto next = proposals_.take(directory_.index_of(from), m);
                       if (next) {
                           advance_proposal(from, *std::move(next));
                       } else {
                           parts_.network.disconnect(from, next.error().to_string());
                       }
                   },
                   [&](FetchRangeMessage& m) { serve_range_to(from, m.from); },
                   [&](RangeMessage& m) { handle_range(from, std::move(m)); },
                   [&](StatusMessage& m) { handle_status(from, m); },
                   [](TransactionsMessage&) {},
                   [](Hello&) {},
               },
               message);
}

void Driver::handle_proposal(PeerId from, Proposal proposal) {
    const ledger::Header& header = proposal.header;
    const Digest id = ledger::id_of(header);
    if (header.proposer != directory_.index_of(from)) {
        return;  // Nobody passes on another's proposal, and nobody is to be blamed for one that is not its own.
    }
    if (BlockTable::Held* held = blocks_.find(id)) {
        step(consensus::ProposalArrived{held->ref, proposal.vote, held->block->parent_certificate});
        return;
    }
    // Only the leader of a near view may make us hold a block, and only a few.
    const bool from_leader =
        header.epoch == rules_->epoch &&
        header.proposer == consensus::leader_of(header.epoch, header.view, rules_->validators.size());
    const bool near = header.view.raw() + kViewsAhead >= view_.raw() && header.view.raw() <= view_.raw() + kViewsAhead;
    if (!from_leader || !near || header.height <= final_.height ||
        blocks_.count_in(header.view) >= kMaxProposalsOfView) {
        return;
    }
    // What decode_block demands of a block must hold of one that comes in parts, or all would agree on something that
    // nobody can read again.
    if (auto sound = ledger::check_parts(header, proposal.parent_certificate, proposal.transactions); !sound) {
        parts_.network.disconnect(from, sound.error().to_string());
        return;
    }
    advance_proposal(from, proposals_.take(std::move(proposal)));
}

void Driver::advance_proposal(PeerId from, Proposals::Step next) {
    if (next.ask) {
        parts_.network.send(from, make_frame(*next.ask), Priority::urgent);
    }
    if (next.whole) {
        take_block(next.whole->block, next.whole->vote);
    }
}

void Driver::take_block(const ledger::BlockPtr& block, const std::optional<ledger::Vote>& vote) {
    const bool fetched = fetching_.erase(block->id) > 0;
    BlockTable::Held& held = blocks_.put(block);
    held.needed = held.needed || fetched || named_.contains(block->id);
    if (vote) {
        step(consensus::ProposalArrived{held.ref, *vote, block->parent_certificate});
    }
    if (fetched) {
        step(consensus::BlockArrived{held.ref, block->parent_certificate});
    }
    if (postponed_checks_.contains(block->id)) {
        resume_checks();
    }
}

void Driver::handle_block(PeerId from, const BlockMessage& message) {
    // Whether it was asked for is told by its first bytes: what was not costs nothing more.
    const auto named = ledger::block_id_of(message.block);
    if (named && !fetching_.contains(*named) && !proposals_.waits_for(*named)) {
        return;
    }
    auto block = ledger::decode_block(message.block);
    if (!block) {
        parts_.network.disconnect(from, block.error().to_string());
        return;
    }
    const Digest& id = (*block)->id;
    take_block(*block, proposals_.vote_for(id));
}

void Driver::answer_on(Lane& lane, ServingPlaces& places, PeerId from, Lane::Task task) {
    if (!places.take(from)) {
        return;
    }
    const bool posted = lane.try_post([&places, from, task = std::move(task)] {
        task();
        places.give_back(from);
    });
    if (!posted) {
        places.give_back(from);
    }
}

void Driver::handle_fetch_transactions(PeerId from, const FetchTransactionsMessage& message) {
    const BlockTable::Held* held = blocks_.find(message.block);
    if (held == nullptr) {
        return;
    }
    // They ascend.
    if (!message.positions.empty() && message.positions.back() >= held->block->transactions.size()) {
        parts_.network.disconnect(from, "asked for a transaction beyond the block");
        return;
    }
    answer_on(parts_.answers, answer_places_, from, [this, from, block = held->block, positions = message.positions] {
        BlockTransactionsMessage answer{block->id, {}};
        for (const std::uint32_t position : positions) {
            answer.wires.push_back(to_bytes(block->transactions[position]->wire()));
        }
        parts_.network.send(from, make_frame(std::move(answer)), Priority::urgent);
    });
}

void Driver::handle_fetch_block(PeerId from, const Digest& id) {
    const BlockTable::Held* held = blocks_.find(id);
    if (held == nullptr) {
        serve_block_to(from, id);
        return;
    }
    answer_on(parts_.answers, answer_places_, from, [this, from, block = held->block] {
        parts_.network.send(from, make_frame(BlockMessage{ledger::encode(*block)}), Priority::urgent);
    });
}

void Driver::serve_block_to(PeerId from, const Digest& id) {
    answer_on(parts_.serving, serving_places_, from, [this, from, id] {
        const FinalViewPtr view = parts_.committer.view();
        const auto height = view->chain().height_of(id);
        if (!height) {
            return;
        }
        const auto position = view->chain().position_of(*height);
        if (!position) {
            return;
        }
        auto record = parts_.journal.read(*position);
        if (record) {
            parts_.network.send(from, make_frame(BlockMessage{std::move(record->payload)}), Priority::urgent);
        }
    });
}

void Driver::serve_range_to(PeerId from, Height height) {
    answer_on(parts_.serving, serving_places_, from, [this, from, height] {
        const FinalViewPtr view = parts_.committer.view();
        auto answer = serve_range(height, view->chain(), parts_.journal, parts_.range);
        if (!answer) {
            spdlog::warn("a range of blocks could not be read: {}", answer.error().to_string());
            return;
        }
        parts_.network.send(from, make_frame(*std::move(answer)), Priority::urgent);
    });
}

void Driver::handle_status(PeerId from, const StatusMessage& message) {
    peers_[from] = message;
    clock_offsets_ms_[from] =
        static_cast<std::int64_t>(message.clock.raw()) - static_cast<std::int64_t>(parts_.clock.wall().raw());
    // A claim alone moves no more than a question. A validator that follows the votes is usually a block or two behind
    // what others say, and needs no range for that.
    if (message.height.raw() > final_.height.raw() + slack()) {
        claimed_height_ = std::max(claimed_height_, message.height);
        seek_range();
    }
}

/// What at least one honest validator says is final: f liars cannot be f + 1 of those who claim it.
Height Driver::honest_claim() const {
    std::vector<Height> claims;
    for (const auto& [peer, told] : peers_) {
        if (directory_.index_of(peer) != PeerDirectory::kNoMember) {
            claims.push_back(told.height);
        }
    }
    const std::size_t liars = rules_->validators.max_faulty();
    if (claims.size() <= liars) {
        return Height{};
    }
    std::ranges::nth_element(claims, claims.begin() + static_cast<std::ptrdiff_t>(liars), std::ranges::greater{});
    return claims[liars];
}

bool Driver::behind() const {
    return proven_height_ > final_.height || honest_claim().raw() > final_.height.raw() + slack();
}

/// Where the next range begins.
RangeAnchor Driver::range_anchor() {
    if (!ahead_.empty() && ahead_.front()->block->header.parent != final_.id) {
        ahead_.clear();  // finality went on meanwhile
    }
    return ahead_.empty() ? final_ : RangeAnchor{ahead_.back()->block->header.height, ahead_.back()->block->id};
}

void Driver::seek_range() {
    // Executing what is certified is quicker than writing it: who catches up waits for its own disk, too.
    if (std::max(claimed_height_, proven_height_) <= final_.height || range_busy_ || uncommitted() > kMaxUnwritten) {
        return;
    }
    const auto now = parts_.clock.now();
    // An answer that nobody waited for any more: the line is slow, and the present one gets longer to come in.
    if (range_came_late_.exchange(false)) {
        range_patience_ = std::min(2 * range_patience_, kLongestPatience);
    }
    if (range_asked_ && now - range_asked_->at < range_patience_) {
        return;
    }
    // In turn, so that one silent or lying peer costs a few seconds only.
    std::optional<PeerId> next;
    for (const auto& [peer, told] : peers_) {
        if (told.height <= final_.height) {
            continue;
        }
        if (!next || (*next <= last_asked_ && peer > last_asked_)) {
            next = peer;
        }
    }
    if (!next) {
        claimed_height_ = final_.height;  // nobody here claims it any more
        return;
    }
    {
        const std::lock_guard lock{range_mutex_};
        if (range_asked_) {
            range_given_up_.insert(range_asked_->peer);
        }
        range_given_up_.erase(*next);
    }
    const Height from = range_anchor().height.next();
    last_asked_ = *next;
    range_expected_ = *next;
    range_asked_ = Asked{*next, from, now};
    parts_.network.send(*next, make_frame(FetchRangeMessage{from}), Priority::urgent);
}

void Driver::handle_range(PeerId from, RangeMessage message) {
    if (!range_asked_ || range_asked_->peer != from || range_busy_) {
        return;
    }
    if (message.from != range_asked_->from) {
        range_expected_ = from;  // to an earlier question; what was asked for is still under way
        return;
    }
    const RangeAnchor anchor = range_anchor();
    if (message.blocks.empty() || message.from != anchor.height.next()) {
        range_asked_.reset();
        if (!message.blocks.empty()) {
            seek_range();
        }  // finality went on meanwhile
        return;
    }
    range_busy_ = true;
    if (parts_.clock.now() - range_asked_->at < range_patience_ / 4) {
        range_patience_ = kRangeRetry;
    }
    auto answer = std::make_shared<RangeMessage>(std::move(message));
    // What was taken ahead may have begun a later epoch already, by a succession.
    const RulesPtr presumed = ahead_.empty() ? rules_ : ahead_.back()->rules;
    parts_.execution.post([this, from, answer, anchor, asked_in = rules_->epoch, rules = presumed] {
        RangeResult result;
        parts_.executor.prune();
        auto under = rules_of_range(*answer, rules);
        auto blocks = under ? verify_range(*answer, anchor, {(*under)->chain_id, (*under)->epoch, (*under)->validators},
                                           parts_.checker)
                            : tl::unexpected{under.error()};
        if (!blocks) {
            result.dishonest = std::move(blocks).error();
        } else {
            for (const ledger::BlockPtr& block : *blocks) {
                Executor::Checked checked = parts_.executor.check(block, Executor::Trust::certified);
                result.refused = std::move(checked.refusal);
                if (!checked.executed) {
                    break;
                }
                result.executed.push_back(std::move(checked.executed));
            }
            if (result.executed.size() < blocks->size()) {
                result.executed.clear();
            }
        }
        auto shared = std::make_shared<RangeResult>(std::move(result));
        post_own([this, from, asked_in, answer, shared] { finish_range(from, asked_in, *answer, std::move(*shared)); });
    });
}

/// Those of this epoch, or, where the range begins with the record of a succession, those that it gives.
Result<RulesPtr> Driver::rules_of_range(const RangeMessage& answer, const RulesPtr& own) {
    PROBATUM_LET(first, ledger::decode_block(answer.blocks.front()));
    if (first->succession.empty() || first->header.epoch <= own->epoch) {
        return own;
    }
    PROBATUM_LET(successors, parts_.executor.successors(*first));
    return successors ? successors : own;
}

void Driver::finish_range(PeerId from, Epoch asked_in, const RangeMessage& range, RangeResult result) {
    range_asked_.reset();
    // What the machine decided before comes first: it may have ended the epoch, or gone further than this.
    carry_out();
    if (stopped_by_alarm_) {
        return;
    }
    if (asked_in != rules_->epoch) {
        range_busy_ = false;
        drop_late_range(result);
        return;
    }
    if (result.dishonest) {
        parts_.network.disconnect(from, result.dishonest->to_string());
        peers_.erase(from);
    } else if (result.refused) {
        raise({Errc::internal, result.refused->field,
               "a block that a quorum finalised is refused here: " + result.refused->detail});
        return;
    } else if (!result.executed.empty() && result.executed.front()->block->header.parent == range_anchor().id) {
        ahead_.insert(ahead_.end(), result.executed.begin(), result.executed.end());
        if (range.path.empty()) {
            apply_range(std::exchange(ahead_, {}), *range.finality);
        } else if (ahead_.size() > kMaxRangeBlocks + ledger::kMaxFinalityPath) {
            ahead_.clear();  // honest answers have come to a certificate by then: another peer is asked from the start
        }
    }
    range_busy_ = false;  // only now: an epoch that began with it has nothing to ask for before
    seek_range();
}

/// The epoch that it was judged in has ended here. What is final above its last block all the same is a second chain.
void Driver::drop_late_range(const RangeResult& result) {
    if (!result.executed.empty() && result.executed.front()->block->header.parent == final_.id) {
        raise({Errc::succession_invalid, "last", "blocks above the one that the succession calls the last are final"});
        return;
    }
    seek_range();
}

void Driver::apply_range(const std::vector<ExecutedPtr>& chain, const ledger::Certificate& finality) {
    if (!chain.front()->block->succession.empty() && chain.front()->rules->epoch > rules_->epoch) {
        follow_succession(*chain.front());
        if (stopped_by_alarm_) {
            return;
        }
    }
    for (const ExecutedPtr& executed : chain) {
        const auto& parent = executed->block->parent_certificate;
        if (parent && !remembers(*parent)) {
            return;
        }
    }
    if (!remembers(finality)) {
        return;
    }
    for (const ExecutedPtr& executed : chain) {
        write_block(blocks_.put(executed->block));
    }
    parts_.journal.append(finality);
    dirty_ = true;
    sync_journal();
    commit_chain(chain, finality);
    const ExecutedBlock& last = *chain.back();
    consensus::BlockRef block = ref_of(*last.block);
    block.closing = last.closing();
    step(consensus::SyncedToFinal{block, finality});
    if (last.closing()) {
        close_epoch(block, finality, last.child_rules);
    }
}

}  // namespace probatum::node
