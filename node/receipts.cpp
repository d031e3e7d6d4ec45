#include "node/receipts.h"

#include <bit>

#include "base/check.h"

namespace probatum::node {

namespace log = ledger::log;

Result<Receipt> receipt_of(const FinalView& view, const Digest& transaction) {
    PROBATUM_LET(place, view.locate(transaction));
    Receipt out;
    out.transaction = transaction;
    out.index = place.index;
    out.log_index = place.log_index;
    PROBATUM_LET(header, view.header(place.height));
    out.header = std::move(header);
    PROBATUM_LET(entry, view.entry(place.log_index));
    out.entry = std::move(entry);
    PROBATUM_LET(path, view.prove_entry(place.log_index, out.header.log_size));
    out.log_path = std::move(path);
    PROBATUM_LET(finality, view.finality(place.height));
    out.finality = std::move(finality);
    return out;
}

FreshReceipts::FreshReceipts(const std::vector<ExecutedPtr>& chain, std::size_t position,
                             const ledger::Certificate& finality)
    : block_{*chain.at(position)}, finality_{finality, {}}, first_{block_.log_before.size} {
    for (std::size_t later = chain.size() - 1; later > position; --later) {
        finality_.path.push_back(chain[later]->block->header);
    }
    levels_.emplace_back();
    for (const ledger::Entry& entry : block_.entries) {
        levels_[0].push_back(log::leaf_hash(ledger::encode(entry)));
    }
    const std::uint64_t size = block_.log.size;
    for (std::uint32_t level = 1; (size >> level) > (first_ >> level); ++level) {
        std::vector<Digest> nodes;
        for (std::uint64_t index = first_ >> level; index < size >> level; ++index) {
            nodes.push_back(log::node_hash(node({level - 1, 2 * index}), node({level - 1, 2 * index + 1})));
        }
        levels_.push_back(std::move(nodes));
    }
}

Digest FreshReceipts::node(log::Node where) const {
    const std::uint64_t begin = first_ >> where.level;
    if (where.index >= begin) {
        return levels_.at(where.level).at(where.index - begin);
    }
    // What lies wholly before the block and beside a path to it is a peak of the log as it was then.
    const log::Frontier& before = block_.log_before;
    PROBATUM_CHECK((before.size >> where.level & 1U) != 0 && where.index + 1 == before.size >> where.level,
                   "a peak of the log");
    return before.peaks.at(static_cast<std::size_t>(std::popcount(before.size >> where.level >> 1U)));
}

Receipt FreshReceipts::make(std::uint32_t index) const {
    Receipt out;
    out.transaction = block_.block->transactions.at(index)->id();
    out.header = block_.block->header;
    out.index = index;
    out.log_index = first_ + index;
    out.entry = block_.entries.at(index);
    out.log_path =
        log::prove_inclusion(out.log_index, block_.log.size, [this](log::Node where) { return node(where); });
    out.finality = finality_;
    return out;
}

}  // namespace probatum::node
