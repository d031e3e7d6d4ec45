#include "ledger/validator_set.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/hash.h"

namespace probatum::ledger {

namespace {
constexpr std::size_t kMaxOrganisationBytes = 64;
}

Result<ValidatorSet> ValidatorSet::make(std::vector<Validator> validators) {
    if (validators.empty()) {
        return fail(Errc::malformed, "validators", "a set has at least one member");
    }
    if (validators.size() > kMaxValidators) {
        return fail(Errc::malformed, "validators", "more than 100 members");
    }
    std::vector<PublicKey> keys;
    for (const Validator& validator : validators) {
        const std::size_t length = validator.organisation.size();
        if (length == 0 || length > kMaxOrganisationBytes) {
            return fail(Errc::malformed, "validators.organisation", "1 to 64 bytes");
        }
        keys.push_back(validator.key);
    }
    std::ranges::sort(keys);
    if (std::ranges::adjacent_find(keys) != keys.end()) {
        return fail(Errc::malformed, "validators.key", "a key stands twice");
    }
    ValidatorSet out;
    out.validators_ = std::move(validators);
    for (const Validator& validator : out.validators_) {
        out.key_ids_.push_back(validator.key.id());
    }
    out.digest_ = sha256(out.encode());
    return out;
}

Result<ValidatorSet> ValidatorSet::decode(ByteView bytes) {
    cbor::Reader reader{bytes, {.items = kMaxValidators}};
    std::vector<Validator> validators;
    const std::uint64_t count = reader.field("validators").array();
    for (std::uint64_t i = 0; i < count; ++i) {
        reader.field("validators").array_of(2);
        const std::string_view organisation = reader.text_at_most(kMaxOrganisationBytes);
        const ByteView compressed = reader.bytes_of(PublicKey::kSize);
        reader.leave();
        PROBATUM_TRY(reader.status());
        PROBATUM_LET(key, PublicKey::from_bytes(compressed));
        validators.push_back({std::string{organisation}, key});
    }
    PROBATUM_TRY(reader.finish());
    return make(std::move(validators));
}

Bytes ValidatorSet::encode() const {
    cbor::Writer writer{8 + validators_.size() * 64};
    writer.array(validators_.size());
    for (const Validator& validator : validators_) {
        writer.array(2).text(validator.organisation).bytes(validator.key.bytes());
    }
    return writer.take();
}

std::optional<ValidatorIndex> ValidatorSet::index_of(const KeyId& key) const {
    const auto found = std::ranges::find(key_ids_, key);
    if (found == key_ids_.end()) {
        return std::nullopt;
    }
    return static_cast<ValidatorIndex>(found - key_ids_.begin());
}

}  // namespace probatum::ledger
