#include "ledger/store/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace probatum::ledger::store {
namespace {

tl::unexpected<Error> system_failure(const Path& path, const char* operation, int code) {
    const Errc errc = code == ENOSPC || code == EDQUOT ? Errc::disk_full : Errc::storage_failed;
    return fail(errc, path.filename().string(),
                std::string{operation} + " " + path.string() + ": " + std::generic_category().message(code));
}

class Descriptor {
public:
    explicit Descriptor(int value) : value_{value} {}
    ~Descriptor() {
        if (value_ >= 0) {
            ::close(value_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return value_; }

private:
    int value_;
};

class PosixWriteFile final : public WriteFile {
public:
    PosixWriteFile(Path path, int descriptor) : path_{std::move(path)}, descriptor_{descriptor} {}

    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        while (!bytes.empty()) {
            const ::ssize_t wrote =
                ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<::off_t>(offset));
            if (wrote < 0 && errno == EINTR) {
                continue;
            }
            if (wrote <= 0) {
                return system_failure(path_, "write", wrote < 0 ? errno : EIO);
            }
            bytes = bytes.subspan(static_cast<std::size_t>(wrote));
            offset += static_cast<std::uint64_t>(wrote);
        }
        return {};
    }

    Result<void> sync() override {
        // Never repeated, not even for EINTR: after a failed sync the kernel may have dropped the dirty pages.
        if (::fdatasync(descriptor_.get()) != 0) {
            return system_failure(path_, "fdatasync", errno);
        }
        return {};
    }

    Result<void> allocate(std::uint64_t bytes) override {
        int code = 0;
        do {
            code = ::posix_fallocate(descriptor_.get(), 0, static_cast<::off_t>(bytes));
        } while (code == EINTR);
        if (code != 0) {
            return system_failure(path_, "allocate", code);
        }
        return {};
    }

    Result<void> truncate(std::uint64_t bytes) override {
        if (::ftruncate(descriptor_.get(), static_cast<::off_t>(bytes)) != 0) {
            return system_failure(path_, "truncate", errno);
        }
        return {};
    }

private:
    Path path_;
    Descriptor descriptor_;
};

class PosixReadFile final : public ReadFile {
public:
    PosixReadFile(Path path, int descriptor) : path_{std::move(path)}, descriptor_{descriptor} {}

    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        std::size_t done = 0;
        while (done < into.size()) {
            const ::ssize_t got =
                ::pread(descriptor_.get(), into.data() + done, into.size() - done, static_cast<::off_t>(offset + done));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got < 0) {
                return system_failure(path_, "read", errno);
            }
            if (got == 0) {
                break;
            }
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    Result<std::uint64_t> size() const override {
        struct ::stat status{};
        if (::fstat(descriptor_.get(), &status) != 0) {
            return system_failure(path_, "stat", errno);
        }
        return static_cast<std::uint64_t>(status.st_size);
    }

private:
    Path path_;
    Descriptor descriptor_;
};

class PosixLock final : public FileLock {
public:
    explicit PosixLock(int descriptor) : descriptor_{descriptor} {}

private:
    Descriptor descriptor_;  // Closing releases the lock.
};

constexpr ::mode_t kOwnerOnly = 0600;

}  // namespace

Result<std::unique_ptr<WriteFile>> PosixFiles::open_write(const Path& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerOnly);
    if (descriptor < 0) {
        return system_failure(path, "open", errno);
    }
    return std::make_unique<PosixWriteFile>(path, descriptor);
}

Result<std::unique_ptr<ReadFile>> PosixFiles::open_read(const Path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return system_failure(path, "open", errno);
    }
    return std::make_unique<PosixReadFile>(path, descriptor);
}

Result<void> PosixFiles::rename(const Path& from, const Path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return system_failure(from, "rename", errno);
    }
    return {};
}

Result<void> PosixFiles::remove(const Path& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return system_failure(path, "remove", errno);
    }
    return {};
}

Result<void> PosixFiles::sync_directory(const Path& directory) {
    const Descriptor descriptor{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (descriptor.get() < 0) {
        return system_failure(directory, "open", errno);
    }
    if (::fsync(descriptor.get()) != 0) {
        return system_failure(directory, "fsync", errno);
    }
    return {};
}

Result<void> PosixFiles::make_directory(const Path& directory) {
    std::error_code code;
    std::filesystem::create_directories(directory, code);
    if (code) {
        return system_failure(directory, "make directory", code.value());
    }
    return {};
}

Result<std::vector<std::string>> PosixFiles::list(const Path& directory) {
    std::vector<std::string> names;
    std::error_code code;
    std::filesystem::directory_iterator entry{directory, code};
    if (code.value() == ENOENT) {
        return names;
    }
    while (!code && entry != std::filesystem::directory_iterator{}) {
        if (entry->is_regular_file(code)) {
            names.push_back(entry->path().filename().string());
        }
        if (!code) {
            entry.increment(code);
        }
    }
    if (code) {
        return system_failure(directory, "list", code.value());
    }
    std::ranges::sort(names);
    return names;
}

Result<std::uint64_t> PosixFiles::free_space(const Path& directory) {
    struct ::statvfs status{};
    if (::statvfs(directory.c_str(), &status) != 0) {
        return system_failure(directory, "statvfs", errno);
    }
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

Result<std::unique_ptr<FileLock>> PosixFiles::lock(const Path& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerOnly);
    if (descriptor < 0) {
        return system_failure(path, "open", errno);
    }
    auto lock = std::make_unique<PosixLock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return fail(Errc::preflight_failed, path.filename().string(),
                    "another process uses " + path.parent_path().string());
    }
    return lock;
}

void storage_fatal(const FatalHandler& handler, const Error& error) {
    if (handler) {
        handler(error);
    } else {
        std::fprintf(stderr, "probatum: storage failure, stopping: %s\n", error.to_string().c_str());
    }
    std::abort();
}

}  // namespace probatum::ledger::store
