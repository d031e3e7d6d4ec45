#include "ledger/store/recovery.h"

#include <string>
#include <utility>

namespace probatum::ledger::store {
namespace {

using Moment = std::pair<Epoch, View>;

Moment moment_of(const VoteTarget& target) { return {target.epoch, target.view}; }

template <class T>
Result<T> stored(Result<T> decoded) {
    if (!decoded) {
        return fail(Errc::storage_corrupt, "journal", "a record does not decode: " + decoded.error().to_string());
    }
    return decoded;
}

/// Collects records in the order of writing and forgets what a finalize certificate makes old.
class Collector {
public:
    explicit Collector(const ExecutedTip& tip) : tip_{tip} {}

    Result<void> visit(Position position, RecordKind kind, ByteView payload) {
        switch (kind) {
            case RecordKind::block:
                return add_block(position, payload);
            case RecordKind::own_vote:
                return add_vote(payload);
            case RecordKind::certificate:
                return add_certificate(payload);
        }
        return fail(Errc::storage_corrupt, "journal", "a record of an unknown kind");
    }

    RecoveredJournal finish() {
        RecoveredJournal out;
        out.final_blocks = final_chain();
        const Height last = out.final_blocks.empty() ? tip_.height : out.final_blocks.back().block.header.height;
        std::erase_if(blocks_, [&](const auto& item) { return item.second.header.height <= last; });
        out.blocks = std::move(blocks_);
        forget_old();
        out.own_votes = std::move(own_votes_);
        out.certificates = std::move(certificates_);
        out.highest_final = std::move(highest_final_);
        return out;
    }

private:
    static constexpr std::size_t kForgetEvery = 4096;

    Result<void> add_block(Position position, ByteView payload) {
        PROBATUM_LET(block, stored(decode_block(payload)));
        if (block->header.height > tip_.height) {
            blocks_.insert_or_assign(block->id, StoredBlock{block->id, block->header, position});
        }
        return {};
    }

    Result<void> add_vote(ByteView payload) {
        PROBATUM_LET(vote, stored(decode_vote(payload)));
        own_votes_.push_back(std::move(vote));
        if (own_votes_.size() % kForgetEvery == 0) {
            forget_old();
        }
        return {};
    }

    Result<void> add_certificate(ByteView payload) {
        PROBATUM_LET(certificate, stored(decode_certificate(payload)));
        if (certificate.target.kind == VoteKind::finalize) {
            finality_.insert_or_assign(certificate.target.block, certificate);
            if (!highest_final_ || moment_of(certificate.target) > moment_of(highest_final_->target)) {
                highest_final_ = certificate;
            }
        }
        certificates_.push_back(std::move(certificate));
        if (certificates_.size() % kForgetEvery == 0) {
            forget_old();
        }
        return {};
    }

    /// A view is old once a later one is final; what was said in it can contradict nothing any more.
    void forget_old() {
        if (!highest_final_) {
            return;
        }
        const auto old = [&](const auto& item) { return moment_of(item.target) < moment_of(highest_final_->target); };
        std::erase_if(own_votes_, old);
        std::erase_if(certificates_, old);
    }

    /// From the highest final block whose ancestors are all here down to the executed tip.
    std::vector<FinalBlock> final_chain() const {
        std::vector<FinalBlock> best;
        for (const auto& [id, certificate] : finality_) {
            const auto found = blocks_.find(id);
            if (found == blocks_.end()) {
                continue;
            }
            if (!best.empty() && found->second.header.height <= best.back().block.header.height) {
                continue;
            }
            if (auto chain = chain_to(id); !chain.empty()) {
                best = std::move(chain);
            }
        }
        return best;
    }

    std::vector<FinalBlock> chain_to(Digest id) const {
        std::vector<const StoredBlock*> descending;
        while (id != tip_.block) {
            const auto found = blocks_.find(id);
            if (found == blocks_.end()) {
                return {};
            }
            descending.push_back(&found->second);
            id = found->second.header.parent;
        }
        std::vector<FinalBlock> chain;
        chain.reserve(descending.size());
        for (std::size_t i = descending.size(); i > 0; --i) {
            const StoredBlock& block = *descending[i - 1];
            chain.push_back({block, std::nullopt});
            if (const auto direct = finality_.find(block.id); direct != finality_.end()) {
                chain.back().finality = direct->second;
            }
        }
        return chain;
    }

    ExecutedTip tip_;
    std::map<Digest, StoredBlock> blocks_;
    std::map<Digest, Certificate> finality_;
    std::optional<Certificate> highest_final_;
    std::vector<Vote> own_votes_;
    std::vector<Certificate> certificates_;
};

/// The database is made from the journal, so a journal without the database's last block is not its journal.
Result<void> holds_tip(const Journal& journal, const ExecutedTip& tip) {
    if (tip.height == Height{}) {
        return {};
    }
    const auto block = journal.read_block(tip.position);
    if (block && (*block)->id == tip.block) {
        return {};
    }
    if (!block && block.error().code == Errc::storage_corrupt) {
        return fail(block.error());
    }
    return fail(
        Errc::journal_missing, "journal",
        "the journal does not hold block " + std::to_string(tip.height.raw()) + ", which the database was built from");
}

}  // namespace

Result<OpenedJournal> recover(Files& files, const Path& directory, const Digest& chain_id, const ExecutedTip& tip,
                              JournalOptions options) {
    Collector collector{tip};
    const auto visit = [&](Position position, RecordKind kind, ByteView payload) {
        return collector.visit(position, kind, payload);
    };
    PROBATUM_LET(journal, Journal::open(files, directory, chain_id, visit, tip.scan_from, std::move(options)));
    PROBATUM_TRY(holds_tip(*journal, tip));
    return OpenedJournal{std::move(journal), collector.finish()};
}

}  // namespace probatum::ledger::store
