#include "ledger/store/memory_engine.h"

#include <leveldb/iterator.h>
#include <leveldb/write_batch.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/check.h"

namespace probatum::ledger::store {

namespace {

using Value = std::optional<std::string>;  ///< None: removed.

struct Version {
    std::uint64_t sequence{0};
    Value value;
};
/// Oldest first; what no snapshot can see any more is dropped at the next write of the key.
using Versions = std::vector<Version>;
using Table = std::map<std::string, Versions, std::less<>>;

const Value* visible(const Versions& versions, std::uint64_t sequence) {
    for (auto at = versions.rbegin(); at != versions.rend(); ++at) {
        if (at->sequence <= sequence) {
            return &at->value;
        }
    }
    return nullptr;
}

struct MemorySnapshot final : leveldb::Snapshot {
    explicit MemorySnapshot(std::uint64_t number) : sequence{number} {}
    ~MemorySnapshot() override = default;
    std::uint64_t sequence;
};

std::string_view text(const leveldb::Slice& slice) { return {slice.data(), slice.size()}; }

leveldb::Status damaged_value() { return leveldb::Status::Corruption("the checksum of a value does not hold"); }

}  // namespace

struct MemoryEngine::Content {
    struct Batch {
        std::vector<std::pair<std::string, Value>> before;
    };
    Table table;
    std::uint64_t sequence{0};
    std::multiset<std::uint64_t> snapshots;
    std::vector<Batch> unsynced;
    std::set<std::string, std::less<>> damaged;
    bool open{false};

    void put(const std::string& key, Value value) {
        damaged.erase(key);
        Versions& versions = table[key];
        const std::uint64_t oldest = snapshots.empty() ? sequence : std::min(*snapshots.begin(), sequence);
        // Of what the oldest snapshot sees only the newest matters.
        const auto first_new = std::ranges::find_if(versions, [&](const Version& v) { return v.sequence > oldest; });
        if (first_new - versions.begin() > 1) {
            versions.erase(versions.begin(), std::prev(first_new));
        }
        if (!versions.empty() && versions.back().sequence == sequence) {
            versions.back().value = std::move(value);
        } else {
            versions.push_back({sequence, std::move(value)});
        }
    }
    [[nodiscard]] Value now(const std::string& key) const {
        const auto found = table.find(key);
        return found == table.end() || found->second.empty() ? std::nullopt : found->second.back().value;
    }
};

namespace {

/// Skips what is removed or newer than the snapshot.
class MemoryIterator final : public leveldb::Iterator {
public:
    MemoryIterator(const Table& table, const std::set<std::string, std::less<>>& damaged, std::uint64_t sequence)
        : table_{table}, damaged_{damaged}, sequence_{sequence}, at_{table.end()} {}

    [[nodiscard]] bool Valid() const override { return at_ != table_.end() && status_.ok(); }
    void SeekToFirst() override { forward(table_.begin()); }
    void SeekToLast() override {
        at_ = table_.end();
        Prev();
    }
    void Seek(const leveldb::Slice& target) override { forward(table_.lower_bound(text(target))); }
    void Next() override { forward(std::next(at_)); }
    void Prev() override {
        while (at_ != table_.begin()) {
            --at_;
            if (look()) {
                return;
            }
        }
        at_ = table_.end();
    }
    [[nodiscard]] leveldb::Slice key() const override { return at_->first; }
    [[nodiscard]] leveldb::Slice value() const override { return *value_; }
    [[nodiscard]] leveldb::Status status() const override { return status_; }

private:
    void forward(Table::const_iterator from) {
        for (at_ = from; at_ != table_.end() && !look(); ++at_) {
        }
    }
    bool look() {
        const Value* seen = visible(at_->second, sequence_);
        if (seen == nullptr || !seen->has_value()) {
            return false;
        }
        value_ = &**seen;
        if (damaged_.contains(at_->first)) {
            status_ = damaged_value();
        }
        return true;
    }

    const Table& table_;
    const std::set<std::string, std::less<>>& damaged_;
    std::uint64_t sequence_;
    Table::const_iterator at_;
    const std::string* value_{nullptr};
    leveldb::Status status_;
};

}  // namespace

class MemoryEngine::Database final : public leveldb::DB {
public:
    Database(MemoryEngine& engine, std::shared_ptr<Content> content) : engine_{engine}, content_{std::move(content)} {
        content_->open = true;
    }
    ~Database() override { content_->open = false; }

    leveldb::Status Put(const leveldb::WriteOptions& options, const leveldb::Slice& key,
                        const leveldb::Slice& value) override {
        leveldb::WriteBatch batch;
        batch.Put(key, value);
        return Write(options, &batch);
    }
    leveldb::Status Delete(const leveldb::WriteOptions& options, const leveldb::Slice& key) override {
        leveldb::WriteBatch batch;
        batch.Delete(key);
        return Write(options, &batch);
    }
    leveldb::Status Write(const leveldb::WriteOptions& options, leveldb::WriteBatch* updates) override {
        if (!engine_.powered_) {
            return leveldb::Status::OK();
        }
        if (engine_.full_) {
            return leveldb::Status::IOError("no space left");
        }
        struct Handler final : leveldb::WriteBatch::Handler {
            explicit Handler(Content& where) : content{where} {}
            void Put(const leveldb::Slice& key, const leveldb::Slice& value) override { write(key, value.ToString()); }
            void Delete(const leveldb::Slice& key) override { write(key, std::nullopt); }
            void write(const leveldb::Slice& key, Value value) {
                const std::string name = key.ToString();
                batch.before.emplace_back(name, content.now(name));
                content.put(name, std::move(value));
            }
            Content& content;
            Content::Batch batch;
        };
        ++content_->sequence;
        Handler handler{*content_};
        const leveldb::Status status = updates->Iterate(&handler);
        content_->unsynced.push_back(std::move(handler.batch));
        if (options.sync) {
            if (engine_.on_sync_) {
                engine_.on_sync_();
            }
            content_->unsynced.clear();
        }
        return status;
    }
    leveldb::Status Get(const leveldb::ReadOptions& options, const leveldb::Slice& key, std::string* value) override {
        const auto found = content_->table.find(text(key));
        const Value* seen = found == content_->table.end() ? nullptr : visible(found->second, sequence_of(options));
        if (seen == nullptr || !seen->has_value()) {
            return leveldb::Status::NotFound(key);
        }
        if (!content_->damaged.empty() && content_->damaged.contains(found->first)) {
            return damaged_value();
        }
        *value = **seen;
        return leveldb::Status::OK();
    }
    leveldb::Iterator* NewIterator(const leveldb::ReadOptions& options) override {
        return new MemoryIterator{content_->table, content_->damaged, sequence_of(options)};
    }
    const leveldb::Snapshot* GetSnapshot() override {
        content_->snapshots.insert(content_->sequence);
        return new MemorySnapshot{content_->sequence};
    }
    void ReleaseSnapshot(const leveldb::Snapshot* snapshot) override {
        const auto* own = static_cast<const MemorySnapshot*>(snapshot);
        content_->snapshots.extract(own->sequence);
        delete own;
    }
    bool GetProperty(const leveldb::Slice&, std::string*) override { return false; }
    void GetApproximateSizes(const leveldb::Range*, int count, std::uint64_t* sizes) override {
        std::fill_n(sizes, count, 0);
    }
    void CompactRange(const leveldb::Slice*, const leveldb::Slice*) override {}

private:
    [[nodiscard]] std::uint64_t sequence_of(const leveldb::ReadOptions& options) const {
        const auto* snapshot = static_cast<const MemorySnapshot*>(options.snapshot);
        return snapshot == nullptr ? content_->sequence : snapshot->sequence;
    }

    MemoryEngine& engine_;
    std::shared_ptr<Content> content_;
};

MemoryEngine::MemoryEngine() = default;
MemoryEngine::~MemoryEngine() = default;

leveldb::Status MemoryEngine::open(const leveldb::Options&, const Path& directory,
                                   std::unique_ptr<leveldb::DB>& opened) {
    auto& content = contents_[directory];
    if (!content) {
        content = std::make_shared<Content>();
    }
    if (content->open) {
        return leveldb::Status::IOError("lock " + directory.string(), "already held by process");
    }
    opened = std::make_unique<Database>(*this, content);
    return leveldb::Status::OK();
}

leveldb::Status MemoryEngine::destroy(const Path& directory) {
    if (powered_) {
        contents_.erase(directory);
    }
    return leveldb::Status::OK();
}

void MemoryEngine::cut_power() { powered_ = false; }

void MemoryEngine::restore_power(const std::function<std::size_t(std::size_t)>& keep) {
    for (auto& [path, content] : contents_) {
        PROBATUM_CHECK(!content->open, "what used the database is gone");
        const std::size_t kept = std::min(keep(content->unsynced.size()), content->unsynced.size());
        ++content->sequence;
        for (; content->unsynced.size() > kept; content->unsynced.pop_back()) {
            auto& before = content->unsynced.back().before;
            for (auto undo = before.rbegin(); undo != before.rend(); ++undo) {
                content->put(undo->first, undo->second);
            }
        }
        content->unsynced.clear();
    }
    powered_ = true;
}

bool MemoryEngine::is_damaged() const {
    return std::ranges::any_of(contents_, [](const auto& item) { return !item.second->damaged.empty(); });
}

bool MemoryEngine::damage(std::size_t nth) {
    for (auto& [path, content] : contents_) {
        if (!content->table.empty()) {
            content->damaged.insert(
                std::next(content->table.begin(), static_cast<std::ptrdiff_t>(nth % content->table.size()))->first);
            return true;
        }
    }
    return false;
}

}  // namespace probatum::ledger::store
