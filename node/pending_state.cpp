#include "node/pending_state.h"

#include "base/check.h"

namespace probatum::node {

const Bytes* ValueCache::find(const Digest& key, const Digest& value_digest) const {
    const auto found = values_.find(key);
    return found != values_.end() && found->second.digest == value_digest ? &found->second.bytes : nullptr;
}

void ValueCache::put(const Digest& key, const Digest& value_digest, Bytes value) {
    // Everything goes at once: hot values are back after one read each, and no order of use has to be kept.
    if (bytes_ > kMaxBytes) {
        values_.clear();
        bytes_ = 0;
    }
    Value& slot = values_[key];
    bytes_ += value.size();
    bytes_ -= slot.bytes.size();
    slot = {value_digest, std::move(value)};
}

PendingView::PendingView(std::vector<ExecutedPtr> pending, CommittedBase base, ValueCache& cache)
    : pending_{std::move(pending)},
      base_{std::move(base)},
      tree_{pending_.empty() ? base_.tree : pending_.front()->tree},
      cache_{cache} {}

std::optional<Bytes> PendingView::get(const Digest& key) const {
    const std::optional<Digest> digest = tree_.find(key);
    if (!digest) {
        return std::nullopt;
    }
    if (const Bytes* cached = cache_.find(key, *digest)) {
        return *cached;
    }
    for (const ExecutedPtr& block : pending_) {
        if (const auto found = block->writes.find(key); found != block->writes.end()) {
            return found->second;
        }
    }
    std::optional<Bytes> value = base_.view->get(key);
    PROBATUM_CHECK(value.has_value(), "the state tree and the stored values name the same keys");
    cache_.put(key, *digest, *value);
    return value;
}

}  // namespace probatum::node
