#include "node/machine.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "base/check.h"
#include "base/key.h"

namespace probatum::node {

UnixMs wall_clock() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return UnixMs{static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count())};
}

void fill_random(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const ssize_t got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        PROBATUM_CHECK(got > 0, "the operating system gives no randomness");
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit_bytes) {
    std::ifstream in{path, std::ios::binary};
    if (!in) {
        return fail(Errc::unusable_input, path.string(), "the file cannot be opened");
    }
    Bytes out;
    std::array<char, 65536> part{};
    while (in.read(part.data(), part.size()) || in.gcount() > 0) {
        out.insert(out.end(), part.data(), part.data() + in.gcount());
        if (out.size() > limit_bytes) {
            return fail(Errc::too_large, path.string(), "the file is larger than its limit");
        }
    }
    if (in.bad()) {
        return fail(Errc::unusable_input, path.string(), "the file cannot be read");
    }
    return out;
}

namespace {

bool write_all(int file, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(file, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return true;
}

}  // namespace

Result<void> write_file(const std::filesystem::path& path, ByteView bytes, bool secret) {
    const std::string temporary = path.string() + ".new";
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, secret ? 0600 : 0644);
    if (file < 0) {
        return fail(Errc::storage_failed, path.string(), "the file cannot be created");
    }
    const bool written = write_all(file, bytes) && ::fsync(file) == 0;
    ::close(file);
    if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
        return fail(Errc::storage_failed, path.string(), "the file cannot be written");
    }
    return {};
}

Result<std::string> read_passphrase(const std::filesystem::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        return fail(Errc::unusable_input, path.string(), "the passphrase file is missing");
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fail(Errc::config_invalid, path.string(), "the passphrase file is open to other users: chmod 600");
    }
    PROBATUM_LET(bytes, read_file(path, 4096));
    std::string text{as_text(bytes)};
    if (const auto end = text.find_first_of("\r\n"); end != std::string::npos) {
        text.resize(end);
    }
    wipe(bytes);
    return text;
}

void begin_thread(const char* name, bool background) {
    pthread_setname_np(pthread_self(), name);
    if (!background) {
        return;
    }
    sched_param parameters{};
    // Refused inside some containers; the node is then merely less fair to itself.
    (void)sched_setscheduler(0, SCHED_BATCH, &parameters);
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 5);
}

}  // namespace probatum::node
