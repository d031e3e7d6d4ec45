#include "contracts/identity.h"

#include "base/check.h"
#include "contracts/codec.h"
#include "contracts/execution.h"
#include "contracts/standing.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {

Bytes encode(const MemberKey& member) {
    cbor::Writer out{160};
    out.array(6).text(member.organisation).text(member.member).bytes(member.key);
    const std::vector<Role> roles = member.roles.list();
    out.array(roles.size());
    for (const Role role : roles) {
        out.uint(static_cast<std::uint64_t>(role));
    }
    codec::write_optional(out, member.certificate);
    out.uint(static_cast<std::uint64_t>(member.status));
    return out.take();
}

Result<MemberKey> decode_member_key(ByteView bytes) {
    cbor::Reader in{bytes};
    MemberKey out;
    in.array_of(6);
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.member = codec::read_text(in, {"member", kMaxNumberBytes});
    out.key = in.field("key").byte_array<PublicKey::kSize>();
    const std::size_t roles = codec::read_count(in, "roles", 12);
    std::uint64_t previous = 0;
    for (std::size_t i = 0; i < roles && !in.failed(); ++i) {
        const std::uint64_t number = in.uint_at_most(12);
        if (number <= previous) {
            in.refuse(Errc::malformed, "roles ascend");
            break;
        }
        out.roles.add(static_cast<Role>(number));
        previous = number;
    }
    in.leave();
    out.certificate = codec::read_optional_digest(in.field("certificate"));
    out.status = codec::read_enum(in, "status", KeyStatus::frozen);
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Result<MemberKey> find_member_key(const ledger::StateView& state, const KeyId& id) {
    const std::optional<Bytes> value = state.get(state_keys::member_key(id));
    if (!value) {
        return fail(Errc::unknown_key, "key_id");
    }
    Result<MemberKey> member = decode_member_key(*value);
    PROBATUM_CHECK(member.has_value(), "the state holds only what we wrote");
    if (member->status == KeyStatus::revoked) {
        return fail(Errc::unknown_key, "key_id", "the key is revoked");
    }
    if (organisation_status(state, member->organisation) == OrganisationStatus::left) {
        return fail(Errc::unknown_key, "key_id", "its organisation has left");
    }
    return member;
}

Result<PublicKey> find_key(const ledger::StateView& state, const KeyId& id) {
    PROBATUM_LET(member, find_member_key(state, id));
    return PublicKey::from_bytes(member.key);
}

}  // namespace probatum::contracts
