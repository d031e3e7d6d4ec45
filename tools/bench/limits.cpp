#include "tools/bench/limits.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/hash.h"
#include "base/key.h"

namespace probatum::bench {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double measure_signature_check_us() {
    const ByteArray<32> scalar{1, 2, 3};
    const SecretKey key = SecretKey::from_bytes(scalar).value();
    const PublicKey public_key = key.public_key();
    std::array<Digest, 64> digests;
    std::array<Signature, 64> signatures;
    for (std::size_t i = 0; i < digests.size(); ++i) {
        digests[i] = sha256(as_bytes("limit " + std::to_string(i)));
        signatures[i] = key.sign(digests[i]);
    }
    constexpr std::size_t kRounds = 8'000;
    const auto start = Clock::now();
    for (std::size_t i = 0; i < kRounds; ++i) {
        if (!public_key.verify(digests[i % digests.size()], signatures[i % signatures.size()])) {
            throw std::runtime_error{"a good signature does not verify"};
        }
    }
    return seconds_since(start) * 1e6 / static_cast<double>(kRounds);
}

double measure_sync_ms(const std::filesystem::path& folder) {
    const auto path = folder / "sync-limit";
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        throw std::runtime_error{"cannot write in " + folder.string()};
    }
    const std::array<char, 4096> block{};
    std::vector<double> times;
    for (int i = 0; i < 200; ++i) {
        const auto start = Clock::now();
        if (::pwrite(file, block.data(), block.size(), static_cast<off_t>(i % 64) * 4096) != 4096 ||
            ::fdatasync(file) != 0) {
            ::close(file);
            throw std::runtime_error{"the disk refuses a write in " + folder.string()};
        }
        times.push_back(seconds_since(start) * 1e3);
    }
    ::close(file);
    std::filesystem::remove(path);
    std::ranges::nth_element(times, times.begin() + 100);
    return times[100];
}

}  // namespace

double MachineLimits::transactions_per_second(unsigned validators) const {
    return static_cast<double>(cores) / (static_cast<double>(validators) * signature_check_us * 1e-6);
}

MachineLimits measure_limits(const std::filesystem::path& folder) {
    return {.cores = std::max(1U, std::thread::hardware_concurrency()),
            .signature_check_us = measure_signature_check_us(),
            .sync_4k_ms = measure_sync_ms(folder)};
}

}  // namespace probatum::bench
