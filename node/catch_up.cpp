#include "node/catch_up.h"

namespace probatum::node {

namespace {
constexpr std::size_t kUsualBytes = 4U << 20U;
constexpr std::size_t kMostBytes = 24U << 20U;
}  // namespace

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
    if (answer.finality->target.kind != ledger::VoteKind::finalize || answer.finality->target.block != parent ||
        answer.finality->target.epoch != epoch.epoch) {
        return fail(Errc::certificate_invalid, "finality", "the certificate is not for the last block");
    }
    PROBATUM_TRY(ledger::verify_certificate(*answer.finality, epoch.validators, epoch.chain_id, checker));
    return out;
}

Result<RangeMessage> serve_range(Height from, const ledger::store::ChainView& view,
                                 const ledger::store::Journal& journal) {
    RangeMessage out{from, {}, std::nullopt};
    if (from.raw() == 0 || from > view.height()) {
        return out;
    }
    std::size_t bytes = 0;
    std::size_t proven = 0;
    PROBATUM_LET(first, view.header_at(from));
    for (Height height = from; height <= view.height() && out.blocks.size() < kMaxRangeBlocks; height = height.next()) {
        if (proven > 0 && bytes > kUsualBytes) {
            break;
        }
        PROBATUM_LET(header, view.header_at(height));
        if (header.epoch != first.epoch) {
            break;  // Its closing block is directly final, so what was read so far is proven.
        }
        PROBATUM_LET(position, view.position_of(height));
        PROBATUM_LET(record, journal.read(position));
        bytes += record.payload.size();
        if (bytes > kMostBytes) {
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
    out.blocks.resize(proven);
    return out;
}

}  // namespace probatum::node
