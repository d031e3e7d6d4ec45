#include "ledger/store/scrub.h"

#include <string>
#include <utility>

#include "base/cbor.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "ledger/store/database.h"
#include "ledger/store/keys.h"
#include "ledger/store/log_reader.h"
#include "ledger/store/view_snapshot.h"

namespace probatum::ledger::store {

/// One walk over everything that a view holds.
class Scrubber {
public:
    Scrubber(const ChainViewPtr& view, const Journal& journal, const ScrubChecks& checks)
        : view_{*view},
          database_{*view->database_},
          snapshot_{view->snapshot_->get()},
          journal_{journal},
          checks_{checks} {}

    Result<ScrubReport> run() {
        PROBATUM_TRY(check_chain());
        PROBATUM_TRY(check_state());
        PROBATUM_TRY(check_tables());
        return report_;
    }

private:
    static std::string at(Height height) { return "height " + std::to_string(height.raw()); }

    /// What is missing is as bad as what is wrong.
    template <class T>
    static Result<T> present(Result<T> result, std::string_view what) {
        if (!result && result.error().code == Errc::not_found) {
            return corrupt(what, "missing: " + result.error().detail);
        }
        return result;
    }

    Result<void> check_chain() {
        Digest parent = view_.chain_id();
        for (Height height{1}; height <= view_.height(); height = height.next()) {
            PROBATUM_LET(record, present(read_header_record(database_, snapshot_, height), "headers"));
            if (record.header.parent != parent) {
                return corrupt("headers", at(height) + " does not name its parent");
            }
            PROBATUM_LET(found, present(view_.height_of(record.id), "block ids"));
            if (found != height) {
                return corrupt("block ids", at(height) + " is found elsewhere");
            }
            PROBATUM_LET(block, present(view_.block_at(height, journal_), "blocks"));
            PROBATUM_TRY(check_entries(*block));
            parent = record.id;
            ++report_.blocks;
        }
        if (parent != view_.block_id()) {
            return corrupt("tip", "the last header is not the block it names");
        }
        return {};
    }

    Result<void> check_entries(const Block& block) {
        const Header& header = block.header;
        const std::uint64_t first = frontier_.size;
        if (header.log_size != first + block.transactions.size()) {
            return corrupt("headers", at(header.height) + " has a wrong log size");
        }
        const auto visit = [&](std::uint64_t position, ByteView bytes) -> Result<void> {
            const auto index = static_cast<std::uint32_t>(position - first);
            const auto entry = decode_entry(bytes);
            if (!entry) {
                return corrupt("entries", "position " + std::to_string(position) + " does not decode");
            }
            if (entry->transaction != block.transactions[index]->id()) {
                return corrupt("entries", "position " + std::to_string(position) + " is not the block's transaction");
            }
            PROBATUM_LET(location, present(view_.find_transaction(entry->transaction), "transactions"));
            if (location != TransactionLocation{header.height, index, position}) {
                return corrupt("transactions", "position " + std::to_string(position) + " is found elsewhere");
            }
            return append(log::leaf_hash(bytes));
        };
        PROBATUM_TRY(read_entries(database_, snapshot_, first, header.log_size, visit));
        if (frontier_.root() != header.log_root) {
            return corrupt("entries", at(header.height) + " does not lead to its log root");
        }
        report_.entries += block.transactions.size();
        return {};
    }

    Result<void> append(const Digest& leaf_hash) {
        std::vector<std::pair<log::Node, Digest>> nodes;
        append_leaf(frontier_, leaf_hash,
                    [&](log::Node node, const Digest& digest) { nodes.emplace_back(node, digest); });
        for (const auto& [node, digest] : nodes) {
            PROBATUM_LET(stored, present(read_log_node(database_, snapshot_, node), "log nodes"));
            if (stored != digest) {
                return corrupt("log nodes",
                               "level " + std::to_string(node.level) + " index " + std::to_string(node.index));
            }
            ++report_.log_nodes;
        }
        return {};
    }

    Result<void> check_state() {
        if (checks_.tree != nullptr) {
            PROBATUM_TRY(compare_with_tree());
        }
        PROBATUM_LET(rebuilt, view_.state_tree());
        if (checks_.tree != nullptr && rebuilt.root() != checks_.tree->root()) {
            return corrupt("state", "a value of the tree is missing");
        }
        report_.state_values = rebuilt.size();
        return {};
    }

    Result<void> compare_with_tree() {
        std::optional<Digest> damaged;
        PROBATUM_TRY(view_.for_each_state([&](const Digest& key, ByteView value) {
            if (checks_.tree->find(key) != sha256(value)) {
                damaged = key;
            }
            return !damaged.has_value();
        }));
        if (damaged) {
            return corrupt("state", "the value under " + to_hex(damaged->view()) + " is not the one of the tree");
        }
        return {};
    }

    /// The rest, key by key: what the walk over the chain does not come by.
    Result<void> check_tables() {
        const std::unique_ptr<leveldb::Iterator> it{
            database_.db().NewIterator(Database::read_options(snapshot_, false))};
        for (it->SeekToFirst(); it->Valid(); it->Next()) {
            const ByteView value = view_of(it->value());
            const std::string_view key = as_text(view_of(it->key()));
            switch (key.front()) {
                case keys::kFinality:
                    PROBATUM_TRY(check_finality(key, value));
                    break;
                case keys::kEvents:
                    PROBATUM_TRY(check_event(key, value));
                    break;
                case keys::kIndex:
                    PROBATUM_TRY(check_index(value));
                    break;
                case keys::kHeaders:
                    ++headers_;
                    break;
                case keys::kTransactions:
                    ++transactions_;
                    break;
                default:
                    break;
            }
        }
        if (!it->status().ok()) {
            return fail(error_of(it->status()));
        }
        PROBATUM_TRY(end_event_log());
        if (headers_ != report_.blocks) {
            return corrupt("headers", "there are more than the chain has blocks");
        }
        if (transactions_ != report_.entries) {
            return corrupt("transactions", "there are more than the log has entries");
        }
        return {};
    }

    Result<void> check_finality(std::string_view key, ByteView value) {
        const Height height{keys::trailing_number(key)};
        const auto certificate = decode_certificate(value);
        if (!certificate) {
            return corrupt("finality", at(height) + " does not decode");
        }
        PROBATUM_LET(record, present(read_header_record(database_, snapshot_, height), "finality"));
        if (certificate->target.kind != VoteKind::finalize || certificate->target.block != record.id) {
            return corrupt("finality", at(height) + " has another block's certificate");
        }
        if (checks_.certificate) {
            if (const auto holds = checks_.certificate(record.header, *certificate); !holds) {
                return corrupt("finality", at(height) + ": " + holds.error().to_string());
            }
        }
        return {};
    }

    /// Events come in the order of their keys: subject by subject, log by log, in sequence.
    Result<void> check_event(std::string_view key, ByteView value) {
        const auto leaf = decode_event_leaf(value);
        if (!leaf) {
            return corrupt("events", "a leaf does not decode");
        }
        const std::string subject = to_hex(leaf->subject.view());
        const std::string_view log_of_leaf = key.substr(0, key.size() - 8);
        if (log_of_leaf != event_log_) {
            PROBATUM_TRY(end_event_log());
            event_log_ = log_of_leaf;
            leaves_ = {};
            previous_leaf_ = Digest{};
        }
        const bool refused = key[1 + Digest::kSize] != '\0';
        if (key != keys::event(leaf->subject, refused, leaves_.size) || leaf->sequence != leaves_.size) {
            return corrupt("events", "a leaf of " + subject + " is missing or stands in another's place");
        }
        if (leaf->previous != previous_leaf_ || leaf->outcome.accepted() == refused) {
            return corrupt("events", "leaf " + std::to_string(leaf->sequence) + " of " + subject +
                                         " does not follow the one before");
        }
        PROBATUM_LET(location, present(view_.find_transaction(leaf->transaction), "events"));
        if (location.height != leaf->height || location.index != leaf->index) {
            return corrupt("events",
                           "leaf " + std::to_string(leaf->sequence) + " of " + subject + " names another transaction");
        }
        previous_leaf_ = log::leaf_hash(value);
        leaves_.append(previous_leaf_);
        ++report_.events;
        return {};
    }

    Result<void> end_event_log() {
        if (event_log_.empty() || !checks_.subject_log) {
            return {};
        }
        Digest subject;
        std::ranges::copy(as_bytes(event_log_).subspan(1, Digest::kSize), subject.bytes.begin());
        const bool refused = event_log_.back() != '\0';
        if (const auto holds = checks_.subject_log(subject, refused, leaves_); !holds) {
            return corrupt("events", "the log of " + to_hex(subject) + ": " + holds.error().to_string());
        }
        return {};
    }

    Result<void> check_index(ByteView value) {
        cbor::Reader place{value};
        const bool in_log = place.uint() < view_.log_frontier().size && place.finish().has_value();
        if (value.size() != Digest::kSize && !in_log) {
            return corrupt("index", "neither a subject nor the place of one");
        }
        ++report_.index_entries;
        return {};
    }

    const ChainView& view_;
    const Database& database_;
    const leveldb::Snapshot* snapshot_;
    const Journal& journal_;
    const ScrubChecks& checks_;
    log::Frontier frontier_;
    std::string event_log_;
    log::Frontier leaves_;
    Digest previous_leaf_;
    std::uint64_t headers_{0};
    std::uint64_t transactions_{0};
    ScrubReport report_;
};

Result<ScrubReport> scrub(const ChainViewPtr& view, const Journal& journal, const ScrubChecks& checks) {
    return Scrubber{view, journal, checks}.run();
}

}  // namespace probatum::ledger::store
