#include "contracts/liveness.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/codec.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {

std::vector<ChainMark> find_marks(const ledger::StateView& state) {
    std::vector<ChainMark> out;
    const std::optional<Bytes> value = state.get(state_keys::marks());
    if (!value) {
        return out;
    }
    cbor::Reader in{*value};
    const std::size_t count = codec::read_count(in, "marks", kMaxMarks);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        const Height height{in.uint()};
        out.push_back({height, in.digest()});
        in.leave();
    }
    in.leave();
    PROBATUM_CHECK(in.finish().has_value(), "the state holds only what we wrote");
    return out;
}

Bytes encode(const ReadinessRecord& record) {
    cbor::Writer out{160};
    out.array(7).text(record.organisation).bytes(record.key.bytes());
    out.uint(record.named.height.raw()).digest(record.named.block).uint(record.rules_version);
    out.uint(record.height.raw()).uint(record.time.raw());
    return out.take();
}

Result<ReadinessRecord> decode_readiness_record(ByteView bytes) {
    cbor::Reader in{bytes};
    in.field("readiness").array_of(7);
    std::string organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    const std::optional<PublicKey> key = codec::read_public_key(in, "key");
    PROBATUM_TRY(in.status());
    ReadinessRecord out{.organisation = std::move(organisation), .key = *key};
    out.named.height = Height{in.field("named").uint()};
    out.named.block = in.digest();
    out.rules_version = in.field("rules_version").uint();
    out.height = Height{in.field("height").uint()};
    out.time = UnixMs{in.field("time").uint()};
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

std::optional<ReadinessRecord> find_readiness(const ledger::StateView& state, const KeyId& key) {
    const std::optional<Bytes> value = state.get(state_keys::readiness(key));
    if (!value) {
        return std::nullopt;
    }
    Result<ReadinessRecord> record = decode_readiness_record(*value);
    PROBATUM_CHECK(record.has_value(), "the state holds only what we wrote");
    return *std::move(record);
}

Bytes encode_liveness(const std::vector<Height>& seen) {
    cbor::Writer out{2 + seen.size() * 5};
    out.array(seen.size());
    for (const Height height : seen) {
        out.uint(height.raw());
    }
    return out.take();
}

std::vector<Height> find_liveness(const ledger::StateView& state) {
    std::vector<Height> out;
    const std::optional<Bytes> value = state.get(state_keys::liveness());
    if (!value) {
        return out;
    }
    cbor::Reader in{*value};
    const std::size_t count = codec::read_count(in, "liveness", ledger::kMaxValidators);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        out.push_back(Height{in.uint()});
    }
    in.leave();
    PROBATUM_CHECK(in.finish().has_value(), "the state holds only what we wrote");
    return out;
}

LivenessView::LivenessView(const ledger::StateView& state, const EpochTerms& now, Height height, UnixMs time)
    : state_{state}, now_{now}, height_{height}, time_{time}, seen_{find_liveness(state)} {
    PROBATUM_CHECK(now.governance.has_value() && seen_.size() == now.validators.size(),
                   "liveness is kept for the set in force");
}

Height LivenessView::last_seen(const ledger::Validator& validator) const {
    const auto index = now_.validators.index_of(validator.key.id());
    return index ? seen_.at(*index) : Height{};
}

bool LivenessView::is_live(const ledger::Validator& validator) const {
    const std::uint64_t window = now_.governance->live_window;
    const auto within_window = [&](Height seen) { return seen.raw() > 0 && seen.raw() + window > height_.raw(); };
    const bool is_member = now_.validators.index_of(validator.key.id()).has_value();
    if (is_member && within_window(last_seen(validator))) {
        return true;
    }
    const std::optional<ReadinessRecord> ready = find_readiness(state_, validator.key.id());
    if (!ready || ready->organisation != validator.organisation) {
        return false;
    }
    return is_member ? within_window(ready->height) : ready->time.raw() + now_.governance->lifetime_ms >= time_.raw();
}

Strength LivenessView::strength_of(const ledger::ValidatorSet& set) const {
    const auto live = std::ranges::count_if(set.all(), [this](const auto& validator) { return is_live(validator); });
    return {set.size(), set.quorum(), static_cast<std::size_t>(live)};
}

std::size_t LivenessView::supporters(const ledger::ValidatorSet& set, std::uint64_t rules_version) const {
    const auto count = std::ranges::count_if(set.all(), [&](const ledger::Validator& validator) {
        const std::optional<ReadinessRecord> ready = find_readiness(state_, validator.key.id());
        return ready && ready->organisation == validator.organisation && ready->rules_version >= rules_version;
    });
    return static_cast<std::size_t>(count);
}

}  // namespace probatum::contracts
