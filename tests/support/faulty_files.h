#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "ledger/store/files.h"

/// A disk in memory that behaves as badly as a real one may: what was not synced is lost, or survives in part, or out
/// of order; it fills up; a sync fails; bits flip.
namespace probatum::test {

using ledger::store::FileLock;
using ledger::store::Files;
using ledger::store::Path;
using ledger::store::ReadFile;
using ledger::store::WriteFile;

/// The power went. Thrown out of the operation that it struck.
struct PowerLost : std::runtime_error {
    PowerLost() : std::runtime_error{"power lost"} {}
};

class FaultyFiles final : public Files {
public:
    enum class Unsynced : std::uint8_t {
        lost,     ///< Nothing that was not synced survives.
        kept,     ///< All of it survives, up to the byte at which the power went.
        sectors,  ///< Each sector of 512 bytes and each change of a name survives or not, by the seed.
    };

    /// The power goes when this many more steps were made; a byte written is a step, so is any other change.
    void lose_power_after(std::uint64_t steps) { steps_left_ = steps; }
    [[nodiscard]] std::uint64_t steps() const { return steps_; }
    void fail_sync_after(std::uint64_t syncs) { syncs_left_ = syncs; }
    void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }

    /// What a restart finds. Open files and locks of before are void.
    void restart(Unsynced unsynced, std::uint64_t seed = 0) {
        std::mt19937_64 random{seed};
        settle_names(unsynced, random);
        for (auto& [path, node] : names_) {
            settle(*node, unsynced, random);
        }
        durable_names_ = names_;
        pending_names_.clear();
        steps_left_ = kNever;
        locked_.clear();
    }

    [[nodiscard]] std::vector<std::uint8_t>& content(const Path& path) { return names_.at(path)->current; }
    [[nodiscard]] bool has(const Path& path) const { return names_.contains(path); }
    /// A copy that shares nothing.
    [[nodiscard]] FaultyFiles copy() const {
        FaultyFiles out;
        for (const auto& [path, node] : names_) {
            out.names_[path] = std::make_shared<Node>(*node);
        }
        out.durable_names_ = out.names_;
        return out;
    }

    Result<std::unique_ptr<WriteFile>> open_write(const Path& path) override {
        if (!names_.contains(path)) {
            step();
            names_[path] = std::make_shared<Node>();
            pending_names_.push_back({path, names_[path]});
        }
        return std::unique_ptr<WriteFile>{std::make_unique<Writer>(*this, names_.at(path))};
    }
    Result<std::unique_ptr<ReadFile>> open_read(const Path& path) override {
        if (!names_.contains(path)) {
            return fail(Errc::storage_failed, path.filename().string(), "no such file");
        }
        return std::unique_ptr<ReadFile>{std::make_unique<Reader>(names_.at(path))};
    }
    Result<void> rename(const Path& from, const Path& to) override {
        step();
        const NodePtr node = names_.at(from);
        names_.erase(from);
        names_[to] = node;
        pending_names_.push_back({to, node});
        pending_names_.push_back({from, nullptr});
        return {};
    }
    Result<void> remove(const Path& path) override {
        if (names_.contains(path)) {
            step();
            names_.erase(path);
            pending_names_.push_back({path, nullptr});
        }
        return {};
    }
    Result<void> sync_directory(const Path&) override {
        step();
        durable_names_ = names_;
        pending_names_.clear();
        return {};
    }
    Result<void> make_directory(const Path&) override { return {}; }
    Result<std::vector<std::string>> list(const Path& directory) override {
        std::vector<std::string> out;
        for (const auto& [path, node] : names_) {
            if (path.parent_path() == directory) {
                out.push_back(path.filename().string());
            }
        }
        return out;
    }
    Result<std::uint64_t> free_space(const Path&) override { return capacity_ - std::min(capacity_, used()); }
    Result<std::unique_ptr<FileLock>> lock(const Path& path) override {
        if (std::ranges::find(locked_, path) != locked_.end()) {
            return fail(Errc::preflight_failed, path.filename().string(), "locked");
        }
        locked_.push_back(path);
        return std::unique_ptr<FileLock>{std::make_unique<Lock>(*this, path)};
    }

private:
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};
    static constexpr std::size_t kSector = 512;

    struct Write {
        std::uint64_t offset;
        std::vector<std::uint8_t> bytes;
    };
    struct Node {
        std::vector<std::uint8_t> current;
        std::vector<std::uint8_t> durable;
        std::vector<Write> unsynced;
    };
    using NodePtr = std::shared_ptr<Node>;
    struct NameChange {
        Path path;
        NodePtr node;  ///< None: removed.
    };

    class Lock final : public FileLock {
    public:
        Lock(FaultyFiles& files, Path path) : files_{files}, path_{std::move(path)} {}
        ~Lock() override { std::erase(files_.locked_, path_); }

    private:
        FaultyFiles& files_;
        Path path_;
    };

    class Reader final : public ReadFile {
    public:
        explicit Reader(NodePtr node) : node_{std::move(node)} {}
        Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
            const auto& from = node_->current;
            if (offset >= from.size()) {
                return 0;
            }
            const std::size_t count = std::min<std::size_t>(into.size(), from.size() - offset);
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
            return count;
        }
        Result<std::uint64_t> size() const override { return node_->current.size(); }

    private:
        NodePtr node_;
    };

    class Writer final : public WriteFile {
    public:
        Writer(FaultyFiles& files, NodePtr node) : files_{files}, node_{std::move(node)} {}
        Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
            const std::uint64_t fits = std::min<std::uint64_t>(files_.steps_left_, bytes.size());
            const std::uint64_t end = offset + fits;
            if (end > node_->current.size()) {
                node_->current.resize(end);
            }
            std::copy_n(bytes.begin(), fits, node_->current.begin() + static_cast<std::ptrdiff_t>(offset));
            node_->unsynced.push_back({offset, to_bytes(bytes.first(fits))});
            for (std::uint64_t i = 0; i < bytes.size(); ++i) {
                files_.step();
            }
            return {};
        }
        Result<void> sync() override {
            files_.step();
            if (files_.syncs_left_ == 0) {
                return fail(Errc::storage_failed, "file", "the sync failed");
            }
            if (files_.syncs_left_ != kNever) {
                --files_.syncs_left_;
            }
            node_->durable = node_->current;
            node_->unsynced.clear();
            return {};
        }
        Result<void> allocate(std::uint64_t bytes) override {
            files_.step();
            const std::uint64_t more = bytes - std::min<std::uint64_t>(bytes, node_->current.size());
            if (files_.used() + more > files_.capacity_) {
                return fail(Errc::disk_full, "file", "no space left");
            }
            node_->current.resize(std::max<std::uint64_t>(bytes, node_->current.size()));
            return {};
        }
        Result<void> truncate(std::uint64_t bytes) override {
            files_.step();
            node_->current.resize(bytes);
            return {};
        }

    private:
        FaultyFiles& files_;
        NodePtr node_;
    };

    void step() {
        ++steps_;
        if (steps_left_ == kNever) {
            return;
        }
        if (steps_left_ == 0) {
            throw PowerLost{};
        }
        --steps_left_;
    }

    [[nodiscard]] std::uint64_t used() const {
        std::uint64_t sum = 0;
        for (const auto& [path, node] : names_) {
            sum += node->current.size();
        }
        return sum;
    }

    void settle_names(Unsynced unsynced, std::mt19937_64& random) {
        if (unsynced == Unsynced::kept) {
            return;
        }
        names_ = durable_names_;
        if (unsynced == Unsynced::lost) {
            return;
        }
        // A journalling file system keeps a beginning of the changes.
        const std::size_t kept = random() % (pending_names_.size() + 1);
        for (std::size_t i = 0; i < kept; ++i) {
            if (pending_names_[i].node) {
                names_[pending_names_[i].path] = pending_names_[i].node;
            } else {
                names_.erase(pending_names_[i].path);
            }
        }
    }

    static void settle(Node& node, Unsynced unsynced, std::mt19937_64& random) {
        if (unsynced == Unsynced::lost) {
            node.current = node.durable;
        } else if (unsynced == Unsynced::sectors) {
            settle_sectors(node, random);
        }
        node.durable = node.current;
        node.unsynced.clear();
    }

    static void settle_sectors(Node& node, std::mt19937_64& random) {
        std::vector<std::uint8_t> out = node.durable;
        // The length is that of before or of after; sectors that were lost read as before, or as zero where there was
        // nothing.
        if ((random() & 1U) != 0) {
            out.resize(node.current.size());
        }
        for (const Write& write : node.unsynced) {
            for (std::size_t done = 0; done < write.bytes.size();) {
                const std::uint64_t at = write.offset + done;
                const std::size_t count = std::min<std::size_t>(write.bytes.size() - done, kSector - at % kSector);
                if ((random() & 1U) != 0 && at + count <= out.size()) {
                    std::copy_n(write.bytes.begin() + static_cast<std::ptrdiff_t>(done), count,
                                out.begin() + static_cast<std::ptrdiff_t>(at));
                }
                done += count;
            }
        }
        node.current = std::move(out);
    }

    std::map<Path, NodePtr> names_;
    std::map<Path, NodePtr> durable_names_;
    std::vector<NameChange> pending_names_;
    std::vector<Path> locked_;
    std::uint64_t steps_{0};
    std::uint64_t steps_left_{kNever};
    std::uint64_t syncs_left_{kNever};
    std::uint64_t capacity_{1ULL << 40U};
};

}  // namespace probatum::test
