#include "contracts/standing.h"

#include <array>

#include "base/check.h"
#include "contracts/codec.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

template <class Value>
std::optional<Value> held(const std::optional<Bytes>& bytes, Result<Value> (*decode)(ByteView)) {
    if (!bytes) {
        return std::nullopt;
    }
    Result<Value> value = decode(*bytes);
    PROBATUM_CHECK(value.has_value(), "the state holds only what we wrote");
    return *std::move(value);
}

}  // namespace

std::string_view name(OrganisationStatus status) {
    static constexpr std::array<std::string_view, 3> kNames{"active", "frozen", "left"};
    return kNames.at(static_cast<std::size_t>(status) - 1);
}

std::string_view name(FreezeSubject::Kind kind) {
    static constexpr std::array<std::string_view, 3> kNames{"organisation", "key", "contract"};
    return kNames.at(static_cast<std::size_t>(kind) - 1);
}

Bytes encode(const Standing& standing) {
    cbor::Writer out{24};
    out.array(4).uint(static_cast<std::uint64_t>(standing.status)).uint(standing.since.raw());
    out.uint(standing.members).uint(standing.governors);
    return out.take();
}

Result<Standing> decode_standing(ByteView bytes) {
    cbor::Reader in{bytes};
    Standing out;
    in.array_of(4);
    out.status = codec::read_enum(in, "status", OrganisationStatus::left);
    out.since = Height{in.field("since").uint()};
    out.members = in.field("members").uint();
    out.governors = in.field("governors").uint();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes encode(const MemberRecord& member) {
    cbor::Writer out{128};
    out.array(4).uint(member.number).text(member.name).array(member.keys.size());
    for (const KeyUse& use : member.keys) {
        out.array(2).digest(use.key.digest).uint(use.since.raw());
    }
    out.uint(member.removed.raw());
    return out.take();
}

Result<MemberRecord> decode_member_record(ByteView bytes) {
    cbor::Reader in{bytes};
    MemberRecord out;
    in.array_of(4);
    out.number = in.field("number").uint();
    out.name = codec::read_text(in, {"name", kMaxTitleBytes});
    const std::size_t keys = codec::read_count(in, "keys", kMaxKeysOfMember);
    for (std::size_t i = 0; i < keys && !in.failed(); ++i) {
        in.array_of(2);
        const KeyId key{in.digest()};
        out.keys.push_back({key, Height{in.uint()}});
        in.leave();
    }
    if (keys == 0) {
        in.refuse(Errc::malformed, "a member has a key");
    }
    in.leave();
    out.removed = Height{in.field("removed").uint()};
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes encode(const FreezeRecord& record) {
    cbor::Writer out{48};
    out.array(2).digest(record.proposal).uint(record.height.raw());
    return out.take();
}

Result<FreezeRecord> decode_freeze_record(ByteView bytes) {
    cbor::Reader in{bytes};
    FreezeRecord out;
    in.array_of(2);
    out.proposal = in.field("proposal").digest();
    out.height = Height{in.field("height").uint()};
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

std::optional<Standing> find_standing(const ledger::StateView& state, std::string_view organisation) {
    return held<Standing>(state.get(state_keys::standing(organisation)), decode_standing);
}

OrganisationStatus organisation_status(const ledger::StateView& state, std::string_view organisation) {
    const std::optional<Standing> standing = find_standing(state, organisation);
    return standing ? standing->status : OrganisationStatus::active;
}

std::optional<MemberRecord> find_member(const ledger::StateView& state, std::string_view organisation,
                                        std::string_view member) {
    return held<MemberRecord>(state.get(state_keys::member(organisation, member)), decode_member_record);
}

std::optional<std::string> find_member_id(const ledger::StateView& state, std::string_view organisation,
                                          std::uint64_t number) {
    return codec::held_text(state.get(state_keys::member_number(organisation, number)));
}

std::uint64_t organisation_count(const ledger::StateView& state) {
    return codec::held_uint(state.get(state_keys::organisation_count()));
}

std::optional<std::string> find_organisation_id(const ledger::StateView& state, std::uint64_t number) {
    return codec::held_text(state.get(state_keys::organisation_number(number)));
}

std::optional<FreezeRecord> find_freeze(const ledger::StateView& state, const FreezeSubject& subject) {
    return held<FreezeRecord>(state.get(state_keys::freeze(subject)), decode_freeze_record);
}

}  // namespace probatum::contracts
