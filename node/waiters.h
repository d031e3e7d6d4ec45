#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "node/clock.h"
#include "node/service.h"

namespace probatum::node {

/// Clients that wait for a transaction to become final. Every callback is called exactly once.
/// Threads: any. Callbacks run on the thread that resolves, never under the lock.
class Waiters {
public:
    using Done = std::function<void(Result<Receipt>)>;

    void add(const Digest& transaction, Moment deadline, Done done);
    /// Takes the callbacks of one transaction.
    [[nodiscard]] std::vector<Done> take(const Digest& transaction);
    [[nodiscard]] bool empty() const;
    /// Answers not_final_yet to those whose time is over.
    void time_out(Moment now);
    /// Answers everybody who is left, at shutdown.
    void refuse_all(const Error& error);

private:
    struct Waiter {
        Moment deadline;
        Done done;
    };
    mutable std::mutex mutex_;
    std::unordered_map<Digest, std::vector<Waiter>, DigestHash> waiting_;
};

}  // namespace probatum::node
