#include "contracts/genesis.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "contracts/epoch_terms.h"
#include "contracts/genesis_codec.h"
#include "contracts/identifier.h"
#include "contracts/identity.h"
#include "contracts/state_keys.h"
#include "contracts/voucher_terms.h"
#include "ledger/block.h"

namespace probatum::contracts {
namespace {

constexpr std::uint64_t kGenesisFormat = 1;
constexpr std::size_t kMaxOrganisations = 1024;
constexpr std::size_t kMaxMembers = 65'536;
constexpr std::size_t kMaxAuthorities = 100;
/// What a block encodes beside its transactions: header, the parent's certificate, lengths.
constexpr std::size_t kBlockOverheadBytes = 64 * 1024;

bool is_organisation_id(std::string_view id) {
    return !id.empty() && id.size() <= kMaxNumberBytes && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

}  // namespace

Result<void> codec::check_organisation(const Organisation& organisation) {
    if (!is_organisation_id(organisation.id)) {
        return fail(Errc::malformed, "organisations.id", "1 to 64 of a-z, 0-9, '.' and '-'");
    }
    return check_identifier(organisation.identifier);
}

namespace {

Result<std::set<std::string, std::less<>>> check_organisations(const std::vector<Organisation>& organisations) {
    std::set<std::string, std::less<>> ids;
    for (const Organisation& organisation : organisations) {
        PROBATUM_TRY(codec::check_organisation(organisation));
        if (!ids.insert(organisation.id).second) {
            return fail(Errc::malformed, "organisations.id", "stands twice");
        }
    }
    return ids;
}

Result<void> check_members(const std::vector<Member>& members,
                           const std::set<std::string, std::less<>>& organisations) {
    std::set<std::pair<std::string, std::string>> ids;
    std::set<PublicKey> keys;
    for (const Member& member : members) {
        if (!organisations.contains(member.organisation)) {
            return fail(Errc::malformed, "members.organisation", "no organisation has this id");
        }
        if (!ids.insert({member.organisation, member.id}).second) {
            return fail(Errc::malformed, "members.id", "stands twice in its organisation");
        }
        if (!keys.insert(member.key).second) {
            return fail(Errc::malformed, "members.key", "stands twice");
        }
        if (member.roles.empty()) {
            return fail(Errc::malformed, "members.roles", "a member has at least one role");
        }
        if (!may_be_held_together(RoleSet::of(member.roles))) {
            return fail(Errc::malformed, "members.roles", "these roles exclude each other");
        }
    }
    return {};
}

}  // namespace

Result<void> codec::check_parameters(const Parameters& p) {
    if (p.view_timeout_min_ms == 0 || p.retry_interval_ms == 0) {
        return fail(Errc::malformed, "parameters", "times are above zero");
    }
    if (p.view_timeout_ms < p.view_timeout_min_ms || p.view_timeout_ms > p.view_timeout_max_ms) {
        return fail(Errc::malformed, "parameters.view_timeout_ms", "between its minimum and its maximum");
    }
    if (p.max_block_transactions == 0 || p.max_block_bytes == 0 || p.max_transaction_bytes == 0) {
        return fail(Errc::malformed, "parameters", "limits are above zero");
    }
    if (p.max_transaction_bytes > ledger::kMaxTransactionBytes) {
        return fail(Errc::malformed, "parameters.max_transaction_bytes", "above what the format carries");
    }
    if (p.max_block_bytes > ledger::kMaxBlockBytes - kBlockOverheadBytes) {
        return fail(Errc::malformed, "parameters.max_block_bytes", "above what the format carries");
    }
    if (p.max_transaction_bytes > p.max_block_bytes) {
        return fail(Errc::malformed, "parameters.max_transaction_bytes", "above the block's limit");
    }
    if (p.max_block_transactions > ledger::kMaxBlockTransactions) {
        return fail(Errc::malformed, "parameters.max_block_transactions", "above what the format carries");
    }
    if (p.max_transaction_work == 0 || p.max_transaction_work > p.max_block_work) {
        return fail(Errc::malformed, "parameters.max_transaction_work", "between one and the block's limit");
    }
    if (p.voucher_usual_days > p.voucher_max_days || p.voucher_max_level == 0 ||
        p.voucher_max_level > kMaxVoucherLevels) {
        return fail(Errc::malformed, "parameters.voucher_max_days", "no less than the usual term; 1 to 1000 levels");
    }
    return {};
}

Result<void> codec::check_governance(const GovernanceTerms& terms) {
    const auto& electors = terms.electors;
    if (electors.empty() || std::ranges::adjacent_find(electors, std::greater_equal<>{}) != electors.end()) {
        return fail(Errc::malformed, "governance.electors", "one or more, ascending, each once");
    }
    if (terms.threshold > electors.size() || std::size_t{terms.threshold} * 2 <= electors.size()) {
        return fail(Errc::malformed, "governance.threshold", "more than half of the electors, and no more than all");
    }
    if (terms.lifetime_ms == 0 || terms.live_window == 0) {
        return fail(Errc::malformed, "governance", "times and windows are above zero");
    }
    return {};
}

namespace {

/// An elector without a governor could never vote.
Result<void> check_electorate(const Genesis& genesis) {
    if (!genesis.governance) {
        return {};
    }
    PROBATUM_TRY(codec::check_governance(*genesis.governance));
    // Both ascend.
    if (!std::ranges::includes(organisations_with(genesis, Role::consortium_governor), genesis.governance->electors)) {
        return fail(Errc::malformed, "governance.electors", "each has a member with role consortium-governor");
    }
    return {};
}

Result<void> check(const Genesis& genesis) {
    PROBATUM_LET(organisations, check_organisations(genesis.organisations));
    PROBATUM_TRY(check_members(genesis.members, organisations));
    PROBATUM_TRY(codec::check_parameters(genesis.parameters));
    PROBATUM_TRY(check_electorate(genesis));
    PROBATUM_TRY(ledger::ValidatorSet::make(genesis.validators));
    for (const ledger::Validator& validator : genesis.validators) {
        if (!organisations.contains(validator.organisation)) {
            return fail(Errc::malformed, "validators.organisation", "no organisation has this id");
        }
    }
    const std::set<PublicKey> authorities{genesis.recovery_authorities.begin(), genesis.recovery_authorities.end()};
    if (authorities.size() != genesis.recovery_authorities.size()) {
        return fail(Errc::malformed, "recovery_authorities", "a key stands twice");
    }
    const bool has_authorities = !authorities.empty();
    if (genesis.recovery_threshold > authorities.size() || (has_authorities && genesis.recovery_threshold == 0)) {
        return fail(Errc::malformed, "recovery_threshold", "between one and the number of authorities");
    }
    if (genesis.rules_version == 0) {
        return fail(Errc::malformed, "rules_version", "versions begin at one");
    }
    return {};
}

void write_keys(cbor::Writer& out, const std::vector<PublicKey>& keys) {
    out.array(keys.size());
    for (const PublicKey& key : keys) {
        out.bytes(key.bytes());
    }
}

template <class Item, class Read>
std::vector<Item> read_list(cbor::Reader& in, codec::TextLimit limit, Read read) {
    std::vector<Item> out;
    const std::size_t count = codec::read_count(in, limit.field, limit.maximum_bytes);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        std::optional<Item> item = read();
        if (!item) {
            break;
        }
        out.push_back(std::move(*item));
    }
    in.leave();
    return out;
}

}  // namespace

ledger::ValidatorSet Genesis::validator_set() const {
    Result<ledger::ValidatorSet> set = ledger::ValidatorSet::make(validators);
    PROBATUM_CHECK(set.has_value(), "a genesis is validated before it is used");
    return *std::move(set);
}

std::vector<std::string> organisations_with(const Genesis& genesis, Role role) {
    std::set<std::string> out;
    for (const Member& member : genesis.members) {
        if (RoleSet::of(member.roles).has(role)) {
            out.insert(member.organisation);
        }
    }
    return {out.begin(), out.end()};
}

Bytes encode(const Genesis& genesis) {
    cbor::Writer out{4096};
    out.map(10U + (genesis.governance ? 1U : 0U) + (genesis.approvals_required ? 1U : 0U))
        .uint(1)
        .uint(kGenesisFormat)
        .uint(2)
        .text(genesis.chain_name)
        .uint(3)
        .uint(genesis.time.raw());
    out.uint(4).uint(genesis.rules_version).uint(5);
    codec::write_parameters(out, genesis.parameters);
    out.uint(6).array(genesis.organisations.size());
    for (const Organisation& organisation : genesis.organisations) {
        codec::write_organisation(out, organisation);
    }
    out.uint(7).array(genesis.members.size());
    for (const Member& member : genesis.members) {
        codec::write_member(out, member);
    }
    out.uint(8).array(genesis.validators.size());
    for (const ledger::Validator& validator : genesis.validators) {
        out.array(2).text(validator.organisation).bytes(validator.key.bytes());
    }
    out.uint(9);
    write_keys(out, genesis.recovery_authorities);
    out.uint(10).uint(genesis.recovery_threshold);
    if (genesis.governance) {
        codec::write_governance(out.uint(11), *genesis.governance);
    }
    if (genesis.approvals_required) {
        out.uint(12).boolean(true);
    }
    return out.take();
}

Result<Genesis> decode_genesis(ByteView bytes) {
    cbor::Reader in{bytes};
    Genesis out;
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                if (in.field("format").uint() != kGenesisFormat) {
                    in.refuse(Errc::malformed, "an unknown format version");
                }
                break;
            case 2:
                out.chain_name = codec::read_text(in, {"chain_name", kMaxNumberBytes});
                break;
            case 3:
                out.time = UnixMs{in.field("time").uint()};
                break;
            case 4:
                out.rules_version = in.field("rules_version").uint();
                break;
            case 5:
                out.parameters = codec::read_parameters(in);
                break;
            case 6:
                out.organisations = read_list<Organisation>(in, {"organisations", kMaxOrganisations}, [&] {
                    return std::optional{codec::read_organisation(in)};
                });
                break;
            case 7:
                out.members = read_list<Member>(in, {"members", kMaxMembers}, [&] { return codec::read_member(in); });
                break;
            case 8:
                out.validators = read_list<ledger::Validator>(in, {"validators", ledger::kMaxValidators},
                                                              [&] { return codec::read_validator(in); });
                break;
            case 9:
                out.recovery_authorities = read_list<PublicKey>(in, {"recovery_authorities", kMaxAuthorities}, [&] {
                    return codec::read_public_key(in, "recovery_authorities");
                });
                break;
            case 10:
                out.recovery_threshold =
                    static_cast<std::uint32_t>(in.field("recovery_threshold").uint_at_most(kMaxAuthorities));
                break;
            case 11:
                out.governance = codec::read_governance(in);
                break;
            case 12:
                out.approvals_required = in.field("approvals_required").boolean();
                if (!out.approvals_required) {
                    in.refuse(Errc::not_deterministic, "left out where it is false");
                }
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    PROBATUM_TRY(in.finish());
    PROBATUM_TRY(check(out));
    return out;
}

Digest chain_id_of(ByteView genesis_bytes) { return sha256(genesis_bytes); }

ledger::StateOverlay::Writes genesis_state(const Genesis& genesis) {
    ledger::StateOverlay::Writes writes;
    for (const Organisation& organisation : genesis.organisations) {
        cbor::Writer out;
        codec::write_organisation(out, organisation);
        writes[state_keys::organisation(organisation.id)] = out.take();
    }
    for (const Member& member : genesis.members) {
        writes[state_keys::member_key(member.key.id())] = encode(MemberKey{.organisation = member.organisation,
                                                                           .member = member.id,
                                                                           .key = member.key.bytes(),
                                                                           .roles = RoleSet::of(member.roles),
                                                                           .certificate = member.certificate_digest,
                                                                           .status = KeyStatus::active});
    }
    cbor::Writer parameters;
    codec::write_parameters(parameters, genesis.parameters);
    writes[state_keys::parameters()] = parameters.take();
    writes[state_keys::validators()] = genesis.validator_set().encode();
    cbor::Writer recovery;
    recovery.array(2).uint(genesis.recovery_threshold);
    write_keys(recovery, genesis.recovery_authorities);
    writes[state_keys::recovery()] = recovery.take();
    if (genesis.governance) {
        writes.merge(first_epoch_writes(genesis));
    }
    return writes;
}

}  // namespace probatum::contracts
