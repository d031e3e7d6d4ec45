#include "contracts/registry.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "contracts/epoch_terms.h"
#include "contracts/genesis_codec.h"
#include "contracts/governance.h"
#include "contracts/identifier.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

bool governs(const MemberKey& key) {
    return key.status == KeyStatus::active && key.roles.has(Role::consortium_governor);
}

/// A key of any status, or nothing.
std::optional<MemberKey> find_any_key(const ledger::StateView& state, const KeyId& id) {
    const std::optional<Bytes> value = state.get(state_keys::member_key(id));
    if (!value) {
        return std::nullopt;
    }
    Result<MemberKey> key = decode_member_key(*value);
    PROBATUM_CHECK(key.has_value(), "the state holds only what we wrote");
    return *std::move(key);
}

/// The terms in force and, in a closing block, those that follow.
std::vector<EpochTerms> terms_now_and_next(const ledger::StateView& state) {
    std::vector<EpochTerms> out;
    if (const std::optional<Bytes> value = state.get(state_keys::current_epoch())) {
        const Epoch now{codec::held_uint(value)};
        for (const Epoch epoch : {now, now.next()}) {
            if (std::optional<EpochTerms> terms = find_terms(state, epoch)) {
                out.push_back(*std::move(terms));
            }
        }
    }
    return out;
}

bool is_elector_of(const std::optional<GovernanceTerms>& terms, std::string_view organisation) {
    return terms && std::ranges::binary_search(terms->electors, organisation);
}

}  // namespace

bool is_elector(const ledger::StateView& state, std::string_view organisation) {
    return std::ranges::any_of(terms_now_and_next(state),
                               [&](const EpochTerms& terms) { return is_elector_of(terms.governance, organisation); });
}

bool runs_validator(const ledger::StateView& state, std::string_view organisation) {
    return std::ranges::any_of(terms_now_and_next(state), [&](const EpochTerms& terms) {
        return std::ranges::find(terms.validators.all(), organisation, &ledger::Validator::organisation) !=
               terms.validators.all().end();
    });
}

Result<Standing> Registry::standing_of(std::string_view organisation) const {
    const std::optional<Standing> standing = find_standing(out_, organisation);
    if (!standing || standing->status == OrganisationStatus::left) {
        return fail(Errc::organisation_unknown, "organisation");
    }
    return *standing;
}

Result<void> Registry::add(const Organisation& organisation) {
    if (out_.get(state_keys::organisation(organisation.id))) {
        return fail(Errc::id_taken, "organisation", "ids are never used again");
    }
    PROBATUM_TRY(codec::check_organisation(organisation));
    const std::uint64_t number = organisation_count(out_) + 1;
    cbor::Writer value;
    codec::write_organisation(value, organisation);
    out_.put(state_keys::organisation(organisation.id), value.take());
    out_.put(state_keys::organisation_count(), codec::encode_uint(number));
    out_.put(state_keys::organisation_number(number), codec::encode_text(organisation.id));
    put(organisation.id, {.status = OrganisationStatus::active, .since = height_});
    return {};
}

Result<void> Registry::remove(std::string_view organisation) {
    PROBATUM_TRY(standing_of(organisation));
    if (is_elector(out_, organisation)) {
        return fail(Errc::change_invalid, "organisation", "it has a vote: change the electorate first");
    }
    if (runs_validator(out_, organisation)) {
        return fail(Errc::change_invalid, "organisation", "it runs a validator: remove that first");
    }
    lift({FreezeSubject::Kind::organisation, std::string{organisation}, {}});
    return set_status(organisation, OrganisationStatus::left);
}

Result<void> Registry::set_status(std::string_view organisation, OrganisationStatus status) {
    PROBATUM_LET(standing, standing_of(organisation));
    standing.status = status;
    standing.since = height_;
    put(organisation, standing);
    return {};
}

Result<void> Registry::require_free(const PublicKey& key) const {
    const auto is_validator = [&](const EpochTerms& terms) { return terms.validators.index_of(key.id()).has_value(); };
    if (find_any_key(out_, key.id()) || out_.get(state_keys::retired_key(key.id())) ||
        std::ranges::any_of(terms_now_and_next(out_), is_validator)) {
        return fail(Errc::key_taken, "key");
    }
    return {};
}

Result<void> Registry::add(const Member& member) {
    PROBATUM_LET(standing, standing_of(member.organisation));
    const Name name{member.organisation, member.id};
    if (find_member(out_, name.organisation, name.member)) {
        return fail(Errc::id_taken, "member", "ids are never used again");
    }
    PROBATUM_TRY(require_free(member.key));
    const RoleSet roles = RoleSet::of(member.roles);
    if (roles.empty() || !may_be_held_together(roles)) {
        return fail(Errc::roles_excluded, "roles");
    }
    ++standing.members;
    put(name.organisation, standing);
    out_.put(state_keys::member_number(name.organisation, standing.members), codec::encode_text(name.member));
    put(name, {.number = standing.members, .name = member.name, .keys = {{member.key.id(), height_}}});
    return put_key(member.key.id(), {.organisation = member.organisation,
                                     .member = member.id,
                                     .key = member.key.bytes(),
                                     .roles = roles,
                                     .certificate = {},
                                     .status = KeyStatus::active});
}

Result<Registry::Present> Registry::find(Name name) const {
    std::optional<MemberRecord> record = find_member(out_, name.organisation, name.member);
    if (!record || record->removed != Height{}) {
        return fail(Errc::member_unknown, "member");
    }
    std::optional<MemberKey> key = find_any_key(out_, record->keys.back().key);
    PROBATUM_CHECK(key.has_value(), "a member's keys stand in the state");
    return Present{*std::move(record), *std::move(key)};
}

Result<void> Registry::remove(Name name) {
    PROBATUM_LET(present, find(name));
    const KeyId id = present.record.keys.back().key;
    lift({FreezeSubject::Kind::key, {}, id.digest});
    present.record.removed = height_;
    put(name, present.record);
    present.key.status = KeyStatus::revoked;
    return put_key(id, present.key);
}

Result<void> Registry::set_roles(Name name, RoleSet roles) {
    PROBATUM_LET(present, find(name));
    if (roles.empty() || !may_be_held_together(roles)) {
        return fail(Errc::roles_excluded, "roles");
    }
    present.key.roles = roles;
    return put_key(present.record.keys.back().key, present.key);
}

Result<void> Registry::set_key(Name name, const PublicKey& key) {
    PROBATUM_LET(present, find(name));
    PROBATUM_TRY(require_free(key));
    if (present.record.keys.size() >= kMaxKeysOfMember) {
        return fail(Errc::id_taken, "keys", "a member has at most 64 keys over time: take in a new member");
    }
    const KeyId former = present.record.keys.back().key;
    lift({FreezeSubject::Kind::key, {}, former.digest});
    present.record.keys.push_back({key.id(), height_});
    put(name, present.record);
    // The new one first: a sole governor that changes keys leaves no gap.
    MemberKey fresh = present.key;
    fresh.key = key.bytes();
    fresh.certificate.reset();
    fresh.status = KeyStatus::active;
    PROBATUM_TRY(put_key(key.id(), fresh));
    present.key.status = KeyStatus::revoked;
    return put_key(former, present.key);
}

Result<void> Registry::freeze(const FreezeSubject& subject, const Digest& proposal) {
    if (find_freeze(out_, subject)) {
        return fail(Errc::change_invalid, "subject", "it is frozen");
    }
    switch (subject.kind) {
        case FreezeSubject::Kind::organisation:
            PROBATUM_TRY(set_status(subject.organisation, OrganisationStatus::frozen));
            break;
        case FreezeSubject::Kind::key: {
            std::optional<MemberKey> key = find_any_key(out_, KeyId{subject.id});
            if (!key || key->status != KeyStatus::active) {
                return fail(Errc::member_unknown, "subject", "no member acts with this key");
            }
            key->status = KeyStatus::frozen;
            PROBATUM_TRY(put_key(KeyId{subject.id}, *key));
            break;
        }
        case FreezeSubject::Kind::contract:
            if (!out_.get(state_keys::contract(subject.id))) {
                return fail(Errc::contract_unknown, "subject");
            }
            break;
    }
    out_.put(state_keys::freeze(subject), encode(FreezeRecord{proposal, height_}));
    return {};
}

Result<void> Registry::unfreeze(const FreezeSubject& subject) {
    if (!find_freeze(out_, subject)) {
        return fail(Errc::change_invalid, "subject", "it is not frozen");
    }
    out_.remove(state_keys::freeze(subject));
    if (subject.kind == FreezeSubject::Kind::organisation) {
        return set_status(subject.organisation, OrganisationStatus::active);
    }
    if (subject.kind == FreezeSubject::Kind::key) {
        std::optional<MemberKey> key = find_any_key(out_, KeyId{subject.id});
        PROBATUM_CHECK(key.has_value(), "what is frozen is there");
        key->status = KeyStatus::active;
        return put_key(KeyId{subject.id}, *key);
    }
    return {};
}

Result<void> Registry::put_key(const KeyId& id, const MemberKey& after) {
    const std::optional<MemberKey> before = find_any_key(out_, id);
    const bool governed = before && governs(*before);
    out_.put(state_keys::member_key(id), encode(after));
    if (governed == governs(after)) {
        return {};
    }
    std::optional<Standing> standing = find_standing(out_, after.organisation);
    PROBATUM_CHECK(standing.has_value(), "a member's organisation stands in the state");
    standing->governors = governed ? standing->governors - 1 : standing->governors + 1;
    put(after.organisation, *standing);
    if (standing->governors == 0 && is_elector(out_, after.organisation)) {
        return fail(Errc::last_governor, "member");
    }
    return {};
}

void Registry::lift(const FreezeSubject& subject) {
    if (find_freeze(out_, subject)) {
        out_.remove(state_keys::freeze(subject));
    }
}

void Registry::put(const Name& name, const MemberRecord& record) {
    out_.put(state_keys::member(name.organisation, name.member), encode(record));
}

void Registry::put(std::string_view organisation, const Standing& standing) {
    out_.put(state_keys::standing(organisation), encode(standing));
}

ledger::StateOverlay::Writes first_registry_writes(const Genesis& genesis) {
    ledger::StateOverlay::Writes writes;
    std::map<std::string_view, Standing> standings;
    std::uint64_t number = 0;
    for (const Organisation& organisation : genesis.organisations) {
        standings[organisation.id] = {};
        writes[state_keys::organisation_number(++number)] = codec::encode_text(organisation.id);
    }
    writes[state_keys::organisation_count()] = codec::encode_uint(number);
    for (const Member& member : genesis.members) {
        Standing& standing = standings[member.organisation];
        ++standing.members;
        standing.governors += RoleSet::of(member.roles).has(Role::consortium_governor) ? 1 : 0;
        writes[state_keys::member_number(member.organisation, standing.members)] = codec::encode_text(member.id);
        writes[state_keys::member(member.organisation, member.id)] = encode(
            MemberRecord{.number = standing.members, .name = member.name, .keys = {{member.key.id(), Height{}}}});
    }
    for (const auto& [organisation, standing] : standings) {
        writes[state_keys::standing(organisation)] = encode(standing);
    }
    return writes;
}

}  // namespace probatum::contracts
