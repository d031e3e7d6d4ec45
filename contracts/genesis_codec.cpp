#include "contracts/genesis_codec.h"

#include "contracts/roles.h"

namespace probatum::contracts::codec {
namespace {

constexpr std::size_t kMaxNameBytes = 256;

std::uint32_t read_u32(cbor::Reader& in, std::string_view field) {
    return static_cast<std::uint32_t>(in.field(field).uint_at_most(0xFFFF'FFFFU));
}

std::vector<Role> read_roles(cbor::Reader& in) {
    std::vector<Role> out;
    const std::size_t count = read_count(in, "members.roles", 12);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        const Role role = read_enum(in, "members.roles", Role::regulator);
        if (!out.empty() && out.back() >= role) {
            in.refuse(Errc::malformed, "roles ascend and stand once each");
            break;
        }
        out.push_back(role);
    }
    in.leave();
    return out;
}

}  // namespace

void write_parameters(cbor::Writer& out, const Parameters& p) {
    out.array(12)
        .uint(p.view_timeout_ms)
        .uint(p.view_timeout_min_ms)
        .uint(p.view_timeout_max_ms)
        .uint(p.retry_interval_ms)
        .uint(p.idle_empty_block_ms)
        .uint(p.silent_leader_views);
    out.uint(p.clock_bound_ms).uint(p.max_block_transactions).uint(p.max_block_bytes).uint(p.max_transaction_bytes);
    out.uint(p.max_transaction_work).uint(p.max_block_work);
}

Parameters read_parameters(cbor::Reader& in) {
    Parameters p;
    in.array_of(12);
    p.view_timeout_ms = read_u32(in, "parameters.view_timeout_ms");
    p.view_timeout_min_ms = read_u32(in, "parameters.view_timeout_min_ms");
    p.view_timeout_max_ms = read_u32(in, "parameters.view_timeout_max_ms");
    p.retry_interval_ms = read_u32(in, "parameters.retry_interval_ms");
    p.idle_empty_block_ms = read_u32(in, "parameters.idle_empty_block_ms");
    p.silent_leader_views = read_u32(in, "parameters.silent_leader_views");
    p.clock_bound_ms = read_u32(in, "parameters.clock_bound_ms");
    p.max_block_transactions = read_u32(in, "parameters.max_block_transactions");
    p.max_block_bytes = read_u32(in, "parameters.max_block_bytes");
    p.max_transaction_bytes = read_u32(in, "parameters.max_transaction_bytes");
    p.max_transaction_work = in.field("parameters.max_transaction_work").uint();
    p.max_block_work = in.field("parameters.max_block_work").uint();
    in.leave();
    return p;
}

void write_organisation(cbor::Writer& out, const Organisation& organisation) {
    out.array(3).text(organisation.id).text(organisation.name).text(organisation.identifier);
}

Organisation read_organisation(cbor::Reader& in) {
    Organisation out;
    in.array_of(3);
    out.id = read_text(in, {"organisations.id", kMaxNumberBytes});
    out.name = read_text(in, {"organisations.name", kMaxNameBytes});
    out.identifier = std::string{in.field("organisations.identifier").text_at_most(kMaxNumberBytes)};
    in.leave();
    return out;
}

void write_member(cbor::Writer& out, const Member& member) {
    out.array(6).text(member.organisation).text(member.id).text(member.name).bytes(member.key.bytes());
    out.array(member.roles.size());
    for (const Role role : member.roles) {
        out.uint(static_cast<std::uint64_t>(role));
    }
    write_optional(out, member.certificate_digest);
}

std::optional<Member> read_member(cbor::Reader& in) {
    in.array_of(6);
    std::string organisation = read_text(in, {"members.organisation", kMaxNumberBytes});
    std::string id = read_text(in, {"members.id", kMaxNumberBytes});
    std::string member_name = read_text(in, {"members.name", kMaxNameBytes});
    const ByteView key_bytes = in.field("members.key").bytes_of(PublicKey::kSize);
    std::vector<Role> roles = read_roles(in);
    const std::optional<Digest> certificate = read_optional_digest(in.field("members.certificate"));
    in.leave();
    if (in.failed()) {
        return std::nullopt;
    }
    Result<PublicKey> key = PublicKey::from_bytes(key_bytes);
    if (!key) {
        in.field("members.key").refuse(key.error());
        return std::nullopt;
    }
    return Member{.organisation = std::move(organisation),
                  .id = std::move(id),
                  .name = std::move(member_name),
                  .key = *key,
                  .roles = std::move(roles),
                  .certificate_digest = certificate};
}

}  // namespace probatum::contracts::codec
