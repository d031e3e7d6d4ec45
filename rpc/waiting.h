#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "rpc/method.h"

namespace probatum::rpc {

/// Calls that wait for something that may take long, so that an orderly stop can answer them instead of cutting them
/// off. Threads: any.
class Waiting {
public:
    /// Gives a Reply that answers `reply` at most once: by its own call or by release(), whichever is first.
    [[nodiscard]] Reply hold(Reply reply);

    /// Answers every held call with the outcome, and each later one at once.
    void release(const Outcome& outcome);

private:
    struct State {
        std::mutex mutex;
        std::uint64_t next{0};
        std::map<std::uint64_t, Reply> held;
        std::optional<Outcome> released;
    };
    std::shared_ptr<State> state_{std::make_shared<State>()};
};

}  // namespace probatum::rpc
