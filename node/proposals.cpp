#include "node/proposals.h"

#include <algorithm>

namespace probatum::node {

Proposals::Step Proposals::take(Proposal proposal) {
    const Digest id = ledger::id_of(proposal.header);
    Waiting waiting{std::move(proposal), {}, {}, false};
    if (const auto before = waiting_.find(id); before != waiting_.end()) {
        waiting = std::move(before->second);
        waiting_.erase(before);
        if (waiting.whole_wanted) {
            waiting_.emplace(id, std::move(waiting));
            return {std::nullopt, FetchBlockMessage{id}};
        }
    }
    Mempool::Lookup lookup = pool_.resolve(waiting.proposal.transactions);
    waiting.found = std::move(lookup.found);
    waiting.missing = std::move(lookup.missing);
    if (waiting.missing.empty()) {
        return finish(id, std::move(waiting));
    }
    Step out{std::nullopt, FetchTransactionsMessage{id, waiting.missing}};
    if (waiting_.size() >= kMaxWaiting) {
        waiting_.erase(
            std::ranges::min_element(waiting_, {}, [](const auto& item) { return item.second.proposal.header.view; }));
    }
    waiting_.emplace(id, std::move(waiting));
    return out;
}

Proposals::Step Proposals::finish(const Digest& id, Waiting waiting) {
    ledger::BlockPtr block =
        ledger::make_block(waiting.proposal.header, waiting.proposal.parent_certificate, waiting.found);
    if (block->id == id) {
        return {Whole{std::move(block), waiting.proposal.vote}, std::nullopt};
    }
    // Somebody gossiped one of these transactions with other openings: only the proposer's own bytes will do.
    waiting.whole_wanted = true;
    waiting_.insert_or_assign(id, std::move(waiting));
    return {std::nullopt, FetchBlockMessage{id}};
}

Result<Proposals::Step> Proposals::take(ledger::ValidatorIndex from, const BlockTransactionsMessage& answer) {
    const auto entry = waiting_.find(answer.block);
    if (entry == waiting_.end() || entry->second.whole_wanted || entry->second.proposal.header.proposer != from) {
        return Step{};
    }  // no longer of interest
    Waiting& waiting = entry->second;
    for (const Bytes& wire : answer.wires) {
        PROBATUM_LET(transaction, ledger::Transaction::decode(wire));
        const auto missing = std::ranges::find_if(waiting.missing, [&](std::uint32_t position) {
            return waiting.proposal.transactions[position] == transaction->id();
        });
        if (missing != waiting.missing.end()) {
            waiting.found[*missing] = std::move(transaction);
            waiting.missing.erase(missing);
        }
    }
    if (!waiting.missing.empty()) {
        return Step{};  // the proposal is repeated while its view lasts, and asks for the rest
    }
    Waiting whole = std::move(waiting);
    waiting_.erase(entry);
    return finish(answer.block, std::move(whole));
}

std::optional<ledger::Vote> Proposals::vote_for(const Digest& block) {
    const auto found = waiting_.find(block);
    if (found == waiting_.end()) {
        return std::nullopt;
    }
    const ledger::Vote vote = found->second.proposal.vote;
    waiting_.erase(found);
    return vote;
}

void Proposals::prune(View view) {
    std::erase_if(waiting_, [&](const auto& item) { return item.second.proposal.header.view < view; });
}

}  // namespace probatum::node
