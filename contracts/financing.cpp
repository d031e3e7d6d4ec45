#include "contracts/financing.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/codec.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

using Names = std::vector<std::string>;

void write_names(cbor::Writer& out, const Names& names) {
    out.array(names.size());
    for (const std::string& name : names) {
        out.text(name);
    }
}

void write_key(cbor::Writer& out, const std::optional<LendersKey>& key) {
    if (!key) {
        out.null();
        return;
    }
    out.array(8).uint(key->number).bytes(key->key.bytes()).text(key->proposer);
    write_names(out, key->lenders);
    write_names(out, key->confirmed);
    out.digest(key->boxes).uint(key->items).uint(key->named.raw());
}

std::optional<LendersKey> read_key(cbor::Reader& in, std::string_view field) {
    if (in.field(field).take_null()) {
        return std::nullopt;
    }
    in.array_of(8);
    const std::uint64_t number = in.uint();
    const std::optional<PublicKey> key = codec::read_public_key(in, field);
    std::string proposer = codec::read_text(in, {field, kMaxNumberBytes});
    Names lenders = codec::read_lenders(in);
    Names confirmed = codec::read_lenders(in);
    const Digest boxes = in.digest();
    const std::uint64_t items = in.uint();
    const UnixMs named{in.uint()};
    in.leave();
    if (!key) {
        return std::nullopt;
    }
    return LendersKey{number, *key, std::move(proposer), std::move(lenders), std::move(confirmed), boxes, items, named};
}

void write_financing(cbor::Writer& out, const Financing& financing) {
    out.array(7).uint(financing.rank).text(financing.lender).text(financing.member);
    codec::write_optional(out, financing.contract);
    out.digest(financing.transaction).uint(financing.height.raw()).uint(financing.time.raw());
}

Financing read_financing(cbor::Reader& in) {
    Financing out;
    in.array_of(7);
    out.rank = in.field("financing.rank").uint();
    out.lender = codec::read_text(in, {"financing.lender", kMaxNumberBytes});
    out.member = codec::read_text(in, {"financing.member", kMaxNumberBytes});
    out.contract = codec::read_optional_digest(in.field("financing.contract"));
    out.transaction = in.field("financing.transaction").digest();
    out.height = Height{in.field("financing.height").uint()};
    out.time = UnixMs{in.field("financing.time").uint()};
    in.leave();
    return out;
}

}  // namespace

Names codec::read_lenders(cbor::Reader& in) {
    Names out;
    const std::size_t count = read_count(in, "lenders", kMaxFinancingLenders);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        std::string name = read_text(in, {"lenders", kMaxNumberBytes});
        if (!out.empty() && out.back() >= name) {
            in.refuse(Errc::not_deterministic, "organisations ascend");
        }
        out.push_back(std::move(name));
    }
    in.leave();
    return out;
}

bool LendersKey::holds(std::string_view organisation) const {
    return std::ranges::binary_search(lenders, organisation);
}

std::vector<const LendersKey*> LendersKeys::in_force() const {
    std::vector<const LendersKey*> out;
    for (const std::optional<LendersKey>* const key : {&retiring, &current}) {
        if (*key) {
            out.push_back(&**key);
        }
    }
    return out;
}

Bytes encode(const LendersKeys& keys) {
    cbor::Writer out{512};
    out.array(4).uint(keys.count);
    write_key(out, keys.retiring);
    write_key(out, keys.current);
    write_key(out, keys.proposed);
    return out.take();
}

Result<LendersKeys> decode_lenders_keys(ByteView bytes) {
    cbor::Reader in{bytes};
    LendersKeys out;
    in.array_of(4);
    out.count = in.field("count").uint();
    out.retiring = read_key(in, "retiring");
    out.current = read_key(in, "current");
    out.proposed = read_key(in, "proposed");
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes encode(const Financings& financings) {
    cbor::Writer out{128 * financings.standing.size() + 16};
    out.array(2).uint(financings.key).array(financings.standing.size());
    for (const Financing& financing : financings.standing) {
        write_financing(out, financing);
    }
    return out.take();
}

Result<Financings> decode_financings(ByteView bytes) {
    cbor::Reader in{bytes};
    Financings out;
    in.array_of(2);
    out.key = in.field("financings.key").uint();
    const std::size_t count = codec::read_count(in, "financings", kMaxRanks);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        out.standing.push_back(read_financing(in));
    }
    in.leave();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

LendersKeys find_lenders_keys(const ledger::StateView& state) {
    const std::optional<Bytes> value = state.get(state_keys::financing_keys());
    if (!value) {
        return {};
    }
    Result<LendersKeys> keys = decode_lenders_keys(*value);
    PROBATUM_CHECK(keys.has_value(), "the state holds only what we wrote");
    return *std::move(keys);
}

Financings find_financings(const ledger::StateView& state, const PublicKey& tag) {
    const std::optional<Bytes> value = state.get(state_keys::financing(tag));
    if (!value) {
        return {};
    }
    Result<Financings> standing = decode_financings(*value);
    PROBATUM_CHECK(standing.has_value(), "the state holds only what we wrote");
    return *std::move(standing);
}

}  // namespace probatum::contracts
