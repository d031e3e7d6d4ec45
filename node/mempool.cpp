#include "node/mempool.h"

#include <algorithm>

namespace probatum::node {

namespace {
constexpr std::size_t kRememberedFinal = 1U << 17U;
constexpr const char* kRetryHint = "retry_after_ms=500";
}  // namespace

Mempool::Mempool(PoolConfig limits) : limits_{limits} {}

Known Mempool::look(const Digest& id) const {
    const std::lock_guard lock{mutex_};
    if (by_id_.contains(id)) {
        return Known::pooled;
    }
    if (unchecked_.contains(id)) {
        return Known::checking;
    }
    return final_.contains(id) ? Known::recently_final : Known::fresh;
}

std::vector<Digest> Mempool::begin_checks(std::vector<Unchecked> offered) {
    std::vector<Digest> out;
    out.reserve(offered.size());
    const std::lock_guard lock{mutex_};
    for (Unchecked& one : offered) {
        if (bytes_ + unchecked_bytes_ + one.wire.size() > limits_.max_bytes) {
            break;
        }
        if (by_id_.contains(one.id) || final_.contains(one.id)) {
            continue;
        }
        const std::size_t bytes = one.wire.size();
        if (unchecked_.try_emplace(one.id, std::move(one.wire)).second) {
            unchecked_bytes_ += bytes;
            out.push_back(one.id);
        }
    }
    return out;
}

std::optional<Bytes> Mempool::take_unchecked(const Digest& id) {
    const std::lock_guard lock{mutex_};
    const auto found = unchecked_.find(id);
    if (found == unchecked_.end()) {
        return std::nullopt;
    }
    std::optional<Bytes> out{std::move(found->second)};
    unchecked_bytes_ -= out->size();
    unchecked_.erase(found);
    return out;
}

bool Mempool::insert(const ledger::TransactionPtr& transaction, std::uint64_t work) {
    const auto [slot, fresh] = by_id_.try_emplace(transaction->id());
    if (!fresh) {
        return false;
    }
    slot->second = order_.insert(order_.end(), Pooled{transaction, work});
    bytes_ += transaction->wire().size();
    ++per_sender_[transaction->header().key_id.digest];
    return true;
}

Result<bool> Mempool::add(ledger::TransactionPtr transaction, std::uint64_t work) {
    const std::lock_guard lock{mutex_};
    if (by_id_.contains(transaction->id()) || final_.contains(transaction->id())) {
        return false;
    }
    if (order_.size() >= limits_.max_transactions || bytes_ + transaction->wire().size() > limits_.max_bytes) {
        return fail(Errc::pool_full, {}, kRetryHint);
    }
    const auto sender = per_sender_.find(transaction->header().key_id.digest);
    if (sender != per_sender_.end() && sender->second >= limits_.max_per_sender) {
        return fail(Errc::sender_limit, {}, kRetryHint);
    }
    return insert(transaction, work);
}

void Mempool::adopt(const ledger::TransactionPtr& transaction, std::uint64_t work) {
    const std::lock_guard lock{mutex_};
    if (!final_.contains(transaction->id())) {
        (void)insert(transaction, work);
    }
}

ledger::TransactionPtr Mempool::find(const Digest& id) const {
    const std::lock_guard lock{mutex_};
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second->transaction;
}

Mempool::Lookup Mempool::resolve(const std::vector<Digest>& ids) {
    Lookup out;
    out.found.resize(ids.size());
    std::vector<std::pair<std::size_t, Bytes>> wires;
    {
        const std::lock_guard lock{mutex_};
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (const auto found = by_id_.find(ids[i]); found != by_id_.end()) {
                out.found[i] = found->second->transaction;
            } else if (const auto waiting = unchecked_.find(ids[i]); waiting != unchecked_.end()) {
                unchecked_bytes_ -= waiting->second.size();
                wires.emplace_back(i, std::move(waiting->second));
                unchecked_.erase(waiting);
            }
        }
    }
    for (auto& [position, wire] : wires) {
        auto transaction = ledger::Transaction::decode(std::move(wire));
        if (transaction && (*transaction)->id() == ids[position]) {
            out.found[position] = *std::move(transaction);
        }
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!out.found[i]) {
            out.missing.push_back(static_cast<std::uint32_t>(i));
        }
    }
    return out;
}

std::vector<std::size_t> Mempool::unchecked_among(const std::vector<ledger::TransactionPtr>& transactions) const {
    std::vector<std::size_t> out;
    const std::lock_guard lock{mutex_};
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        // By id is enough: the id covers the statement with its signature.
        if (!by_id_.contains(transactions[i]->id())) {
            out.push_back(i);
        }
    }
    return out;
}

Mempool::Picked Mempool::pick(const PickLimits& limits, const Excluded& excluded) const {
    Picked out;
    std::size_t bytes = 0;
    std::uint64_t work = 0;
    const std::lock_guard lock{mutex_};
    for (const Pooled& one : order_) {
        if (out.fitting.size() >= limits.transactions) {
            break;
        }
        if (one.transaction->payload().valid_until < limits.time || excluded(one.transaction->id())) {
            continue;
        }
        const std::size_t size = one.transaction->wire().size();
        if (size > limits.bytes || one.work > limits.work) {
            out.too_great.push_back(one.transaction);
            continue;
        }
        if (bytes + size > limits.bytes || work + one.work > limits.work) {
            break;  // the order of arrival is kept; whatever stands first now fits into any block
        }
        bytes += size;
        work += one.work;
        out.fitting.push_back(one.transaction);
    }
    return out;
}

std::vector<ledger::TransactionPtr> Mempool::oldest(std::size_t limit, std::size_t limit_bytes) const {
    std::vector<ledger::TransactionPtr> out;
    std::size_t bytes = 0;
    const std::lock_guard lock{mutex_};
    for (const Pooled& one : order_) {
        bytes += one.transaction->wire().size();
        if (out.size() >= limit || bytes > limit_bytes) {
            break;
        }
        out.push_back(one.transaction);
    }
    return out;
}

void Mempool::erase(const Digest& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
        return;
    }
    const ledger::TransactionPtr& transaction = found->second->transaction;
    bytes_ -= transaction->wire().size();
    const auto sender = per_sender_.find(transaction->header().key_id.digest);
    if (--sender->second == 0) {
        per_sender_.erase(sender);
    }
    const auto place = found->second;
    by_id_.erase(found);
    order_.erase(place);
}

void Mempool::remember_final(const Digest& id) {
    if (!final_.insert(id).second) {
        return;
    }
    final_order_.push_back(id);
    if (final_order_.size() > kRememberedFinal) {
        final_.erase(final_order_.front());
        final_order_.pop_front();
    }
}

void Mempool::remove_final(const std::vector<ledger::TransactionPtr>& transactions) {
    const std::lock_guard lock{mutex_};
    for (const auto& one : transactions) {
        erase(one->id());
        remember_final(one->id());
        if (const auto waiting = unchecked_.find(one->id()); waiting != unchecked_.end()) {
            unchecked_bytes_ -= waiting->second.size();
            unchecked_.erase(waiting);
        }
    }
}

void Mempool::drop(const Digest& id) {
    const std::lock_guard lock{mutex_};
    erase(id);
}

std::vector<Digest> Mempool::expire(UnixMs time) {
    std::vector<Digest> out;
    const std::lock_guard lock{mutex_};
    for (const Pooled& one : order_) {
        if (one.transaction->payload().valid_until < time) {
            out.push_back(one.transaction->id());
        }
    }
    for (const Digest& id : out) {
        erase(id);
    }
    return out;
}

Mempool::Size Mempool::size() const {
    const std::lock_guard lock{mutex_};
    return {order_.size(), bytes_};
}

}  // namespace probatum::node
