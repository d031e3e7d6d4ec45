#include "contracts/genesis_codec.h"

#include <limits>
#include <type_traits>

#include "contracts/roles.h"

namespace probatum::contracts::codec {
namespace {

constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxElectors = 100;
constexpr std::uint64_t kMaxProposalLifetimeMs = 366ULL * 24 * 3600 * 1000;

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

namespace {

bool usual_vouchers(const Parameters& p) {
    const Parameters usual;
    return p.voucher_usual_days == usual.voucher_usual_days && p.voucher_max_days == usual.voucher_max_days &&
           p.voucher_max_level == usual.voucher_max_level;
}

}  // namespace

void write_parameters(cbor::Writer& out, const Parameters& p) {
    // The limits of vouchers stand only where a network has others than the usual ones.
    out.array(usual_vouchers(p) ? 12 : 15)
        .uint(p.view_timeout_ms)
        .uint(p.view_timeout_min_ms)
        .uint(p.view_timeout_max_ms)
        .uint(p.retry_interval_ms)
        .uint(p.idle_empty_block_ms)
        .uint(p.silent_leader_views);
    out.uint(p.clock_bound_ms).uint(p.max_block_transactions).uint(p.max_block_bytes).uint(p.max_transaction_bytes);
    out.uint(p.max_transaction_work).uint(p.max_block_work);
    if (!usual_vouchers(p)) {
        out.uint(p.voucher_usual_days).uint(p.voucher_max_days).uint(p.voucher_max_level);
    }
}

Parameters read_parameters(cbor::Reader& in) {
    Parameters p;
    const std::uint64_t members = in.field("parameters").array();
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
    if (members == 15) {
        p.voucher_usual_days = read_u32(in, "parameters.voucher_usual_days");
        p.voucher_max_days = read_u32(in, "parameters.voucher_max_days");
        p.voucher_max_level = read_u32(in, "parameters.voucher_max_level");
        if (!in.failed() && usual_vouchers(p)) {
            in.refuse(Errc::not_deterministic, "the usual limits of vouchers are left out");
        }
    } else if (members != 12) {
        in.refuse(Errc::malformed, "12 or 15 parameters");
    }
    in.leave();
    return p;
}

void write_governance(cbor::Writer& out, const GovernanceTerms& terms) {
    out.array(4).uint(terms.threshold).uint(terms.lifetime_ms).uint(terms.live_window).array(terms.electors.size());
    for (const std::string& elector : terms.electors) {
        out.text(elector);
    }
}

GovernanceTerms read_governance(cbor::Reader& in) {
    GovernanceTerms out;
    in.array_of(4);
    out.threshold = read_u32(in, "governance.threshold");
    out.lifetime_ms = in.field("governance.lifetime_ms").uint_at_most(kMaxProposalLifetimeMs);
    out.live_window = read_u32(in, "governance.live_window");
    const std::size_t count = read_count(in, "governance.electors", kMaxElectors);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        out.electors.push_back(read_text(in, {"governance.electors", kMaxNumberBytes}));
    }
    in.leave();
    in.leave();
    return out;
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

namespace probatum::contracts {
namespace {

template <auto Member>
ParameterField parameter(std::string_view name) {
    using Value = std::remove_cvref_t<decltype(std::declval<Parameters>().*Member)>;
    return {name, [](const Parameters& p) { return std::uint64_t{p.*Member}; },
            [](Parameters& p, std::uint64_t value) { p.*Member = static_cast<Value>(value); },
            std::numeric_limits<Value>::max()};
}

}  // namespace

const std::vector<ParameterField>& parameter_fields() {
    static const std::vector<ParameterField> fields{
        parameter<&Parameters::view_timeout_ms>("view_timeout_ms"),
        parameter<&Parameters::view_timeout_min_ms>("view_timeout_min_ms"),
        parameter<&Parameters::view_timeout_max_ms>("view_timeout_max_ms"),
        parameter<&Parameters::retry_interval_ms>("retry_interval_ms"),
        parameter<&Parameters::idle_empty_block_ms>("idle_empty_block_ms"),
        parameter<&Parameters::silent_leader_views>("silent_leader_views"),
        parameter<&Parameters::clock_bound_ms>("clock_bound_ms"),
        parameter<&Parameters::max_block_transactions>("max_block_transactions"),
        parameter<&Parameters::max_block_bytes>("max_block_bytes"),
        parameter<&Parameters::max_transaction_bytes>("max_transaction_bytes"),
        parameter<&Parameters::max_transaction_work>("max_transaction_work"),
        parameter<&Parameters::max_block_work>("max_block_work"),
        parameter<&Parameters::voucher_usual_days>("voucher_usual_days"),
        parameter<&Parameters::voucher_max_days>("voucher_max_days"),
        parameter<&Parameters::voucher_max_level>("voucher_max_level"),
    };
    return fields;
}

}  // namespace probatum::contracts
