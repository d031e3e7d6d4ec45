#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "rpc/json.h"
#include "tools/bench/load.h"
#include "tools/bench/workload.h"
#include "tools/testnet_layout.h"

/// Networks of processes for the measurements, and how their figures are written.
namespace probatum::bench {

template <class T>
T demand(Result<T> result, const char* what) {
    if (!result) {
        throw std::runtime_error{std::string{what} + ": " + result.error().to_string()};
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

struct NetOptions {
    std::size_t validators{4};
    std::filesystem::path directory{};  ///< Empty: the system's temporary folder.
    bool keep{false};
};

/// A test net with the senders in its genesis; stopped and removed when it goes out of scope.
class Net {
public:
    Net(const NetOptions& options, const std::vector<Sender>& senders);
    ~Net();
    Net(const Net&) = delete;
    Net& operator=(const Net&) = delete;

    [[nodiscard]] const tools::TestNet& get() const { return net_; }
    /// From the first process to all validators ready and connected to each other.
    [[nodiscard]] double start_seconds() const { return start_seconds_; }
    [[nodiscard]] Target target() const;
    /// Everybody but the last.
    [[nodiscard]] Target others() const;
    /// The last one ends: asked to, or killed as by a failing machine.
    void stop_last(bool kill) const;
    [[nodiscard]] rpc::Json status(std::size_t validator) const;
    [[nodiscard]] std::vector<rpc::Json> statuses() const;
    /// LevelDB of the first validator.
    [[nodiscard]] std::uint64_t bytes_on_disk() const;
    /// Of all validators since they started.
    [[nodiscard]] double cpu_seconds() const;
    /// Resident memory, the mean of the validators.
    [[nodiscard]] double resident_mib() const;

private:
    std::filesystem::path directory_;
    bool keep_;
    tools::TestNet net_;
    double start_seconds_{0};
};

/// Numbers each deposit of a run once.
class Deposits {
public:
    Deposits(const std::vector<Sender>& senders, Digest chain_id, std::uint64_t first = 0)
        : senders_{senders}, chain_id_{chain_id}, next_{first} {}
    std::vector<Bytes> make(std::size_t count);

private:
    const std::vector<Sender>& senders_;
    Digest chain_id_;
    std::uint64_t next_;
};

[[nodiscard]] rpc::Json view_of(const LoadResult& load, unsigned cores);

}  // namespace probatum::bench
