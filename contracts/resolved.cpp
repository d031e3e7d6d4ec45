#include "contracts/resolved.h"

#include <limits>

#include "contracts/codec.h"

namespace probatum::contracts {
namespace {

RoleSet read_roles(cbor::Reader& in) {
    RoleSet out;
    const std::size_t count = codec::read_count(in, "roles", 12);
    std::optional<Role> previous;
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        const Role role = codec::read_enum(in, "roles", Role::regulator);
        if (previous && *previous >= role) {
            in.refuse(Errc::not_deterministic, "roles ascend");
        }
        previous = role;
        out.add(role);
    }
    in.leave();
    return out;
}

VoucherLimits read_limits(cbor::Reader& in) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
    VoucherLimits out;
    in.field("voucher_limits").array_of(3);
    out.usual_days = static_cast<std::uint32_t>(in.uint_at_most(kMost));
    out.max_days = static_cast<std::uint32_t>(in.uint_at_most(kMost));
    out.max_level = static_cast<std::uint32_t>(in.uint_at_most(kMost));
    in.leave();
    return out;
}

}  // namespace

Bytes encode(const Resolved& resolved) {
    cbor::Writer out{192};
    const std::uint64_t facts = (resolved.bank_reference_used ? 1U : 0U) + (resolved.parties_registered ? 1U : 0U) +
                                (resolved.links_known ? 1U : 0U) + (resolved.voucher_limits ? 1U : 0U) +
                                (resolved.frozen ? 1U : 0U);
    out.map(9 + facts).uint(1).text(resolved.organisation).uint(2).text(resolved.member);
    const std::vector<Role> roles = resolved.roles.list();
    out.uint(3).array(roles.size());
    for (const Role role : roles) {
        out.uint(static_cast<std::uint64_t>(role));
    }
    codec::write_optional(out.uint(4), resolved.certificate);
    out.uint(5).uint(static_cast<std::uint64_t>(resolved.key_status)).uint(6).uint(resolved.rules_version);
    out.uint(7).digest(resolved.parameters);
    codec::write_optional(out.uint(8), resolved.calendar);
    out.uint(9).boolean(resolved.idempotency_key_used);
    if (resolved.bank_reference_used) {
        out.uint(10).boolean(*resolved.bank_reference_used);
    }
    if (resolved.parties_registered) {
        out.uint(11).boolean(*resolved.parties_registered);
    }
    if (resolved.links_known) {
        out.uint(12).boolean(*resolved.links_known);
    }
    if (resolved.voucher_limits) {
        const VoucherLimits& limits = *resolved.voucher_limits;
        out.uint(13).array(3).uint(limits.usual_days).uint(limits.max_days).uint(limits.max_level);
    }
    if (resolved.frozen) {
        out.uint(16).uint(static_cast<std::uint64_t>(*resolved.frozen));
    }
    return out.take();
}

Result<Resolved> decode_resolved(ByteView bytes) {
    cbor::Reader in{bytes};
    Resolved out;
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
                break;
            case 2:
                out.member = codec::read_text(in, {"member", kMaxNumberBytes});
                break;
            case 3:
                out.roles = read_roles(in);
                break;
            case 4:
                out.certificate = codec::read_optional_digest(in.field("certificate"));
                break;
            case 5:
                out.key_status = codec::read_enum(in, "key_status", KeyStatus::frozen);
                break;
            case 6:
                out.rules_version = in.field("rules_version").uint();
                break;
            case 7:
                out.parameters = in.field("parameters").digest();
                break;
            case 8:
                out.calendar = codec::read_optional_digest(in.field("calendar"));
                break;
            case 9:
                out.idempotency_key_used = in.field("idempotency_key_used").boolean();
                break;
            case 10:
                out.bank_reference_used = in.field("bank_reference_used").boolean();
                break;
            case 11:
                out.parties_registered = in.field("parties_registered").boolean();
                break;
            case 12:
                out.links_known = in.field("links_known").boolean();
                break;
            case 13:
                out.voucher_limits = read_limits(in);
                break;
            case 16:
                out.frozen = codec::read_enum(in, "frozen", FreezeSubject::Kind::contract);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5, 6, 7, 8, 9});
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
