#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "ledger/store/files.h"
#include "ledger/store/memory_engine.h"
#include "tools/sim/scheduler.h"

namespace probatum::sim {

using ledger::store::Path;

/// The power went in the middle of an operation. Thrown out of it.
struct PowerLost {};

/// One machine's disk, in memory: what was not synced is lost, or survives sector by sector; the last write may be
/// torn; it fills up, slows down, fails a sync, flips bits. Threads: one.
class Disk final : public ledger::store::Files {
public:
    /// @param charge  hears what time an operation takes.
    Disk(Random random, std::function<void(Micros)> charge);
    ~Disk() override;

    [[nodiscard]] ledger::store::MemoryEngine& database() { return database_; }

    // --- faults
    /// The power goes during one of the next operations that change something.
    void lose_power_soon();
    /// The power is off: nothing that still runs changes anything.
    void cut_power();
    /// What a restart finds. `clean`: the process ended alone, and the machine kept what it was given.
    void restore(bool clean);
    void fail_next_sync() { fail_sync_ = true; }
    void set_sync_time(Micros least, Micros most) { sync_least_ = least, sync_most_ = most; }
    void set_full(bool full);
    /// Flips a bit of a journal segment that is on disk. False where there is none.
    bool flip_journal_bit();
    bool damage_database() { return database_.damage(random_.below(1'000'000)); }
    /// Something is stored that was damaged and not written again.
    [[nodiscard]] bool is_damaged() const { return journal_damaged_ || database_.is_damaged(); }

    // --- Files
    [[nodiscard]] Result<std::unique_ptr<ledger::store::WriteFile>> open_write(const Path& path) override;
    [[nodiscard]] Result<std::unique_ptr<ledger::store::ReadFile>> open_read(const Path& path) override;
    [[nodiscard]] Result<void> rename(const Path& from, const Path& to) override;
    [[nodiscard]] Result<void> remove(const Path& path) override;
    [[nodiscard]] Result<void> sync_directory(const Path& directory) override;
    [[nodiscard]] Result<void> make_directory(const Path& directory) override;
    [[nodiscard]] Result<std::vector<std::string>> list(const Path& directory) override;
    [[nodiscard]] Result<std::uint64_t> free_space(const Path& directory) override;
    [[nodiscard]] Result<std::unique_ptr<ledger::store::FileLock>> lock(const Path& path) override;

private:
    struct Node;
    using NodePtr = std::shared_ptr<Node>;
    class Writer;
    class Reader;
    class Lock;
    struct NameChange {
        Path path;
        NodePtr before;
    };

    void step();
    void set_name(const Path& path, NodePtr node);
    void settle(Node& node);
    [[nodiscard]] std::uint64_t used() const;

    Random random_;
    std::function<void(Micros)> charge_;
    ledger::store::MemoryEngine database_;
    std::map<Path, NodePtr> names_;
    std::vector<NameChange> unsynced_names_;
    std::vector<Path> locked_;
    bool powered_{true};
    bool fail_sync_{false};
    bool full_{false};
    bool journal_damaged_{false};
    std::uint64_t steps_left_{~std::uint64_t{0}};
    Micros sync_least_{100};
    Micros sync_most_{600};
};

}  // namespace probatum::sim
