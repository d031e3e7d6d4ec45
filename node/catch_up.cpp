#include "node/catch_up.h"

namespace probatum::node {

Result<std::vector<ledger::BlockPtr>> verify_range(const RangeMessage& answer, const RangeAnchor& anchor,
                                                   const RangeEpoch& epoch, const ledger::SignatureChecker& checker) {
    if (answer.blocks.empty() || !answer.finality) {
        return fail(Errc::malformed, "blocks", "an empty range");
    }
    if (answer.from != anchor.height.next()) {
        return fail(Errc::malformed, "from", "another range than was asked for");
    }
    std::vector<ledger::BlockPtr> out;
    Height height = anchor.height;
    Digest parent = anchor.id;
    for (const Bytes& bytes : answer.blocks) {
        PROBATUM_LET(block, ledger::decode_block(bytes));
        height = height.next();
        const ledger::Header& header = block->header;
        if (header.height != height || header.parent != parent || header.chain_id != epoch.chain_id) {
            return fail(Errc::invalid_block, "parent", "the range is not one chain from here");
        }
        if (header.epoch != epoch.epoch) {
            return fail(Errc::invalid_block, "epoch", "the range leaves the epoch that it begins in");
        }
        parent = block->id;
        out.push_back(std::move(block));
    }
    PROBATUM_TRY(
        ledger::verify_finality(out.back()->header, {*answer.finality, answer.path}, epoch.validators, checker));
    return out;
}

namespace {

/// Why the block at this height is final, or nothing where no certificate is near enough.
Result<std::optional<ledger::FinalityProof>> prove(Height height, const ledger::store::ChainView& view) {
    auto direct = view.finality_at_or_after(height);
    if (!direct || direct->height.raw() - height.raw() > ledger::kMaxFinalityPath) {
        return std::nullopt;
    }
    ledger::FinalityProof out{std::move(direct->certificate), {}};
    for (Height above = direct->height; above > height; above = Height{above.raw() - 1}) {
        PROBATUM_LET(header, view.header_at(above));
        out.path.push_back(std::move(header));
    }
    return out;
}

}  // namespace

Result<RangeMessage> serve_range(Height from, const ledger::store::ChainView& view,
                                 const ledger::store::Journal& journal, const RangeLimits& limits) {
    RangeMessage out{from, {}, std::nullopt};
    if (from.raw() == 0 || from > view.height()) {
        return out;
    }
    std::size_t bytes = 0;
    std::size_t proven = 0;
    PROBATUM_LET(first, view.header_at(from));
    for (Height height = from; height <= view.height() && out.blocks.size() < limits.blocks; height = height.next()) {
        if (proven > 0 && bytes > limits.usual_bytes) {
            break;
        }
        PROBATUM_LET(header, view.header_at(height));
        if (header.epoch != first.epoch) {
            break;  // Its closing block is directly final, so what was read so far is proven.
        }
        PROBATUM_LET(position, view.position_of(height));
        PROBATUM_LET(record, journal.read(position));
        bytes += record.payload.size();
        if (bytes > limits.most_bytes && !out.blocks.empty()) {
            break;
        }
        out.blocks.push_back(std::move(record.payload));
        auto direct = view.finality_at_or_after(height);
        if (!direct) {
            break;
        }
        if (direct->height == height) {
            proven = out.blocks.size();
            out.finality = std::move(direct->certificate);
        }
    }
    if (proven == 0 && !out.blocks.empty()) {
        // A stretch without a certificate of its own that is longer than one answer: it goes in several, each proven by
        // the headers up to the block that has one.
        PROBATUM_LET(proof, prove(Height{from.raw() + out.blocks.size() - 1}, view));
        if (proof) {
            proven = out.blocks.size();
            out.finality = std::move(proof->certificate);
            out.path = std::move(proof->path);
        }
    }
    out.blocks.resize(proven);
    return out;
}

}  // namespace probatum::node
