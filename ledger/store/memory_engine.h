#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "ledger/store/engine.h"

namespace probatum::ledger::store {

/// A model of LevelDB on a disk that may lose its power: ordered, snapshots, atomic batches that survive in order up to
/// some point behind the last synced one. Deterministic. Threads: one.
class MemoryEngine final : public Engine {
public:
    MemoryEngine();
    ~MemoryEngine() override;

    [[nodiscard]] leveldb::Status open(const leveldb::Options& options, const Path& directory,
                                       std::unique_ptr<leveldb::DB>& opened) override;
    [[nodiscard]] leveldb::Status destroy(const Path& directory) override;

    /// From here on writes are forgotten: the power is off, whatever still runs.
    void cut_power();
    /// What a restart finds. Of the batches that were not synced the first `keep(n)` of n survive. Every database is
    /// closed by then.
    void restore_power(const std::function<std::size_t(std::size_t)>& keep);
    /// Called before each synced write, for its cost.
    void set_on_sync(std::function<void()> on_sync) { on_sync_ = std::move(on_sync); }
    /// While set, writes fail as on a full disk.
    void set_full(bool full) { full_ = full; }
    /// Damages the value of the `nth` key (counted around): reading it is refused until it is written again. False
    /// where nothing is stored.
    bool damage(std::size_t nth);
    /// Whether a damaged value is still there.
    [[nodiscard]] bool is_damaged() const;

private:
    struct Content;
    class Database;
    std::map<Path, std::shared_ptr<Content>> contents_;
    std::function<void()> on_sync_;
    bool powered_{true};
    bool full_{false};
};

}  // namespace probatum::ledger::store
