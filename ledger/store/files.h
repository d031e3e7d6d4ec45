#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// The file operations that the journal stands on, as a port: the real disk, or one that loses unsynced writes, tears
/// them, fills up, flips bits or fails a sync.
namespace probatum::ledger::store {

using Path = std::filesystem::path;

/// Errors of every operation below: disk_full where there is no room, storage_failed otherwise. `field` is the file's
/// name. Threads: one at a time.
class WriteFile {
public:
    virtual ~WriteFile() = default;
    [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
    /// fdatasync: on success everything written to this file before is on disk. After a failure nothing is known.
    [[nodiscard]] virtual Result<void> sync() = 0;
    /// Makes the file `bytes` long with its space reserved; what was not written reads as zero.
    [[nodiscard]] virtual Result<void> allocate(std::uint64_t bytes) = 0;
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t bytes) = 0;
};

/// Threads: any number at once.
class ReadFile {
public:
    virtual ~ReadFile() = default;
    /// How many bytes were read: fewer than asked only at the end of the file.
    [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
};

/// Held until destroyed.
class FileLock {
public:
    virtual ~FileLock() = default;
};

/// Threads: any.
class Files {
public:
    virtual ~Files() = default;
    /// Opens for writing; creates the file if it is not there.
    [[nodiscard]] virtual Result<std::unique_ptr<WriteFile>> open_write(const Path& path) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<ReadFile>> open_read(const Path& path) = 0;
    [[nodiscard]] virtual Result<void> rename(const Path& from, const Path& to) = 0;
    /// No error if the file is not there.
    [[nodiscard]] virtual Result<void> remove(const Path& path) = 0;
    /// Makes names in the directory durable: creations, renames, removals.
    [[nodiscard]] virtual Result<void> sync_directory(const Path& directory) = 0;
    /// With parents; no error if it is there.
    [[nodiscard]] virtual Result<void> make_directory(const Path& directory) = 0;
    /// Names of the regular files inside, ascending. Empty if the directory is not there.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const Path& directory) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> free_space(const Path& directory) = 0;
    /// preflight_failed if another process holds the lock.
    [[nodiscard]] virtual Result<std::unique_ptr<FileLock>> lock(const Path& path) = 0;
};

/// The real disk (POSIX).
class PosixFiles final : public Files {
public:
    [[nodiscard]] Result<std::unique_ptr<WriteFile>> open_write(const Path& path) override;
    [[nodiscard]] Result<std::unique_ptr<ReadFile>> open_read(const Path& path) override;
    [[nodiscard]] Result<void> rename(const Path& from, const Path& to) override;
    [[nodiscard]] Result<void> remove(const Path& path) override;
    [[nodiscard]] Result<void> sync_directory(const Path& directory) override;
    [[nodiscard]] Result<void> make_directory(const Path& directory) override;
    [[nodiscard]] Result<std::vector<std::string>> list(const Path& directory) override;
    [[nodiscard]] Result<std::uint64_t> free_space(const Path& directory) override;
    [[nodiscard]] Result<std::unique_ptr<FileLock>> lock(const Path& path) override;
};

/// Told when this machine can no longer be trusted to keep what it is given: a write or sync failed, or stored data is
/// damaged where no caller can be answered. The process ends: a handler that returns is followed by abort(). It exists
/// so that the reason reaches the log, and so that a test can throw instead.
using FatalHandler = std::function<void(const Error&)>;

/// Calls the handler (none: prints to standard error), then aborts.
[[noreturn]] void storage_fatal(const FatalHandler& handler, const Error& error);

}  // namespace probatum::ledger::store
