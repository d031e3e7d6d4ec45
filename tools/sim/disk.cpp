#include "tools/sim/disk.h"

#include <algorithm>

namespace probatum::sim {

using ledger::store::FileLock;
using ledger::store::ReadFile;
using ledger::store::WriteFile;

namespace {
constexpr std::size_t kSector = 512;
constexpr std::uint64_t kNever = ~std::uint64_t{0};
constexpr std::uint64_t kCapacity = 64U << 20U;
constexpr std::uint64_t kStepsToPowerLoss = 12;
}  // namespace

/// The bytes as the machine sees them, and what to take back to come to what is surely on disk.
struct Disk::Node {
    struct Undo {
        std::uint64_t offset;
        Bytes before;
        std::size_t size_before;
    };
    Bytes data;
    std::vector<Undo> undo;

    void write(std::uint64_t offset, ByteView bytes) {
        const std::size_t size = data.size();
        const std::size_t end = static_cast<std::size_t>(offset) + bytes.size();
        const std::size_t overlap = offset < size ? std::min(bytes.size(), size - static_cast<std::size_t>(offset)) : 0;
        const auto at = data.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(offset, size));
        undo.push_back({offset, Bytes(at, at + static_cast<std::ptrdiff_t>(overlap)), size});
        if (end > size) {
            data.resize(end);
        }
        std::ranges::copy(bytes, data.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    void resize(std::size_t size) {
        const std::size_t kept = std::min(size, data.size());
        undo.push_back({kept, Bytes(data.begin() + static_cast<std::ptrdiff_t>(kept), data.end()), data.size()});
        data.resize(size);
    }
    [[nodiscard]] Bytes durable() const {
        Bytes out = data;
        for (auto step = undo.rbegin(); step != undo.rend(); ++step) {
            out.resize(std::max(out.size(), step->size_before));
            std::ranges::copy(step->before, out.begin() + static_cast<std::ptrdiff_t>(step->offset));
            out.resize(step->size_before);
        }
        return out;
    }
};

class Disk::Lock final : public FileLock {
public:
    Lock(Disk& disk, Path path) : disk_{disk}, path_{std::move(path)} {}
    ~Lock() override { std::erase(disk_.locked_, path_); }

private:
    Disk& disk_;
    Path path_;
};

class Disk::Reader final : public ReadFile {
public:
    explicit Reader(NodePtr node) : node_{std::move(node)} {}
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        const Bytes& from = node_->data;
        if (offset >= from.size()) {
            return 0;
        }
        const std::size_t count = std::min(into.size(), from.size() - static_cast<std::size_t>(offset));
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
        return count;
    }
    Result<std::uint64_t> size() const override { return node_->data.size(); }

private:
    NodePtr node_;
};

class Disk::Writer final : public WriteFile {
public:
    Writer(Disk& disk, NodePtr node) : disk_{disk}, node_{std::move(node)} {}

    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        if (!disk_.powered_) {
            return {};
        }
        if (disk_.steps_left_ == 0) {
            // The last write is torn: some of it was given to the disk.
            node_->write(offset, bytes.first(disk_.random_.below(bytes.size() + 1)));
        }
        disk_.step();
        node_->write(offset, bytes);
        return {};
    }
    Result<void> sync() override {
        if (!disk_.powered_) {
            return {};
        }
        disk_.step();
        disk_.charge_(disk_.random_.between(disk_.sync_least_, disk_.sync_most_));
        if (std::exchange(disk_.fail_sync_, false)) {
            return fail(Errc::storage_failed, "file", "the sync failed");
        }
        node_->undo.clear();
        return {};
    }
    Result<void> allocate(std::uint64_t bytes) override {
        if (!disk_.powered_) {
            return {};
        }
        disk_.step();
        const std::uint64_t more = bytes - std::min<std::uint64_t>(bytes, node_->data.size());
        if (more > 0 && (disk_.full_ || disk_.used() + more > kCapacity)) {
            return fail(Errc::disk_full, "file", "no space left");
        }
        if (more > 0) {
            node_->resize(bytes);
        }
        return {};
    }
    Result<void> truncate(std::uint64_t bytes) override {
        if (disk_.powered_) {
            disk_.step();
            node_->resize(bytes);
        }
        return {};
    }

private:
    Disk& disk_;
    NodePtr node_;
};

Disk::Disk(Random random, std::function<void(Micros)> charge) : random_{random}, charge_{std::move(charge)} {
    database_.set_on_sync([this] { charge_(random_.between(sync_least_, sync_most_)); });
}
Disk::~Disk() = default;

void Disk::lose_power_soon() { steps_left_ = random_.below(kStepsToPowerLoss); }

void Disk::step() {
    if (steps_left_ == kNever) {
        return;
    }
    if (steps_left_-- == 0) {
        cut_power();
        throw PowerLost{};
    }
}

void Disk::cut_power() {
    steps_left_ = kNever;
    powered_ = false;
    database_.cut_power();
}

void Disk::set_full(bool full) {
    full_ = full;
    database_.set_full(full && random_.percent(30));
}

void Disk::restore(bool clean) {
    steps_left_ = kNever;
    fail_sync_ = false;
    locked_.clear();
    if (!clean) {
        // A journalling file system keeps a beginning of the changes of names.
        const std::size_t kept = random_.below(unsynced_names_.size() + 1);
        for (; unsynced_names_.size() > kept; unsynced_names_.pop_back()) {
            const NameChange& change = unsynced_names_.back();
            if (change.before) {
                names_[change.path] = change.before;
            } else {
                names_.erase(change.path);
            }
        }
        for (auto& [path, node] : names_) {
            settle(*node);
        }
        unsynced_names_.clear();
    }
    powered_ = true;
    database_.restore_power([&](std::size_t unsynced) { return clean ? unsynced : random_.below(unsynced + 1); });
}

void Disk::settle(Node& node) {
    if (node.undo.empty()) {
        return;
    }
    const std::uint64_t fate = random_.below(3);
    if (fate != 0) {
        Bytes durable = node.durable();
        if (fate == 2) {
            // Each sector survives or not, in whatever order the disk wrote them.
            if (random_.percent(50)) {
                durable.resize(node.data.size());
            }
            for (std::size_t at = 0; at < std::min(durable.size(), node.data.size()); at += kSector) {
                const std::size_t end = std::min({at + kSector, durable.size(), node.data.size()});
                const auto from = node.data.begin() + static_cast<std::ptrdiff_t>(at);
                const auto to = durable.begin() + static_cast<std::ptrdiff_t>(at);
                const auto length = static_cast<std::ptrdiff_t>(end - at);
                if (!std::equal(from, from + length, to) && random_.percent(50)) {
                    std::copy_n(from, length, to);
                }
            }
        }
        node.data = std::move(durable);
    }
    node.undo.clear();
}

bool Disk::flip_journal_bit() {
    std::vector<NodePtr> segments;
    for (const auto& [path, node] : names_) {
        if (path.extension() == ".journal" && path.parent_path().filename() == "journal" && !node->data.empty()) {
            segments.push_back(node);
        }
    }
    if (segments.empty()) {
        return false;
    }
    Bytes& data = segments[random_.below(segments.size())]->data;
    // Among what was written: the rest of a segment is zeros that nobody reads.
    const auto last = std::find_if(data.rbegin(), data.rend(), [](std::uint8_t byte) { return byte != 0; });
    const auto written = static_cast<std::uint64_t>(data.rend() - last);
    if (written == 0) {
        return false;
    }
    journal_damaged_ = true;
    data[random_.below(written)] ^= static_cast<std::uint8_t>(1U << random_.below(8));
    return true;
}

std::uint64_t Disk::used() const {
    std::uint64_t sum = 0;
    for (const auto& [path, node] : names_) {
        sum += node->data.size();
    }
    return sum;
}

void Disk::set_name(const Path& path, NodePtr node) {
    const auto found = names_.find(path);
    unsynced_names_.push_back({path, found == names_.end() ? nullptr : found->second});
    if (node) {
        names_[path] = std::move(node);
    } else {
        names_.erase(path);
    }
}

Result<std::unique_ptr<WriteFile>> Disk::open_write(const Path& path) {
    if (!powered_) {
        return std::unique_ptr<WriteFile>{std::make_unique<Writer>(*this, std::make_shared<Node>())};
    }
    if (!names_.contains(path)) {
        step();
        set_name(path, std::make_shared<Node>());
    }
    return std::unique_ptr<WriteFile>{std::make_unique<Writer>(*this, names_.at(path))};
}

Result<std::unique_ptr<ReadFile>> Disk::open_read(const Path& path) {
    const auto found = names_.find(path);
    if (found == names_.end()) {
        return fail(Errc::storage_failed, path.filename().string(), "no such file");
    }
    return std::unique_ptr<ReadFile>{std::make_unique<Reader>(found->second)};
}

Result<void> Disk::rename(const Path& from, const Path& to) {
    if (!powered_) {
        return {};
    }
    step();
    const auto found = names_.find(from);
    if (found == names_.end()) {
        return fail(Errc::storage_failed, from.filename().string(), "no such file");
    }
    const NodePtr node = found->second;
    set_name(to, node);
    set_name(from, nullptr);
    return {};
}

Result<void> Disk::remove(const Path& path) {
    if (powered_ && names_.contains(path)) {
        step();
        set_name(path, nullptr);
    }
    return {};
}

Result<void> Disk::sync_directory(const Path&) {
    if (powered_) {
        step();
        unsynced_names_.clear();
    }
    return {};
}

Result<void> Disk::make_directory(const Path&) { return {}; }

Result<std::vector<std::string>> Disk::list(const Path& directory) {
    std::vector<std::string> out;
    for (const auto& [path, node] : names_) {
        if (path.parent_path() == directory) {
            out.push_back(path.filename().string());
        }
    }
    return out;
}

Result<std::uint64_t> Disk::free_space(const Path&) {
    return full_ ? std::uint64_t{0} : kCapacity - std::min(kCapacity, used());
}

Result<std::unique_ptr<FileLock>> Disk::lock(const Path& path) {
    if (std::ranges::find(locked_, path) != locked_.end()) {
        return fail(Errc::preflight_failed, path.filename().string(), "locked");
    }
    locked_.push_back(path);
    return std::unique_ptr<FileLock>{std::make_unique<Lock>(*this, path)};
}

}  // namespace probatum::sim
