#include "node/waiters.h"

#include <algorithm>
#include <iterator>

namespace probatum::node {

void Waiters::add(const Digest& transaction, Moment deadline, Done done) {
    const std::lock_guard lock{mutex_};
    waiting_[transaction].push_back({deadline, std::move(done)});
}

std::vector<Waiters::Done> Waiters::take(const Digest& transaction) {
    std::vector<Done> out;
    const std::lock_guard lock{mutex_};
    const auto found = waiting_.find(transaction);
    if (found == waiting_.end()) {
        return out;
    }
    for (Waiter& waiter : found->second) {
        out.push_back(std::move(waiter.done));
    }
    waiting_.erase(found);
    return out;
}

bool Waiters::empty() const {
    const std::lock_guard lock{mutex_};
    return waiting_.empty();
}

void Waiters::time_out(Moment now) {
    std::vector<Done> late;
    {
        const std::lock_guard lock{mutex_};
        for (auto entry = waiting_.begin(); entry != waiting_.end();) {
            auto& waiters = entry->second;
            const auto split =
                std::partition(waiters.begin(), waiters.end(), [&](const Waiter& one) { return one.deadline > now; });
            for (auto one = split; one != waiters.end(); ++one) {
                late.push_back(std::move(one->done));
            }
            waiters.erase(split, waiters.end());
            entry = waiters.empty() ? waiting_.erase(entry) : std::next(entry);
        }
    }
    for (const Done& done : late) {
        done(fail(Errc::not_final_yet));
    }
}

void Waiters::refuse_all(const Error& error) {
    std::unordered_map<Digest, std::vector<Waiter>, DigestHash> left;
    {
        const std::lock_guard lock{mutex_};
        left.swap(waiting_);
    }
    for (auto& [id, waiters] : left) {
        for (const Waiter& waiter : waiters) {
            waiter.done(fail(error));
        }
    }
}

}  // namespace probatum::node
