#include "contracts/registry_rules.h"

#include <algorithm>

#include "contracts/certificates.h"
#include "contracts/codec.h"
#include "contracts/registry.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

using Writes = ledger::StateOverlay::Writes;

tl::unexpected<Error> unfit(std::string field, std::string why) {
    return fail(Errc::change_invalid, std::move(field), std::move(why));
}

struct Enacting {
    const RegistryContext& context;
    Registry& registry;
    Writes& writes;  ///< Of what is published; the register keeps its own.

    Result<void> operator()(const JoinOrganisation& change) const {
        PROBATUM_TRY(registry.add(change.organisation));
        for (const Member& member : change.members) {
            PROBATUM_TRY(registry.add(member));
        }
        return {};
    }
    Result<void> operator()(const RemoveOrganisation& change) const { return registry.remove(change.organisation); }
    Result<void> operator()(const SetMember& change) const {
        const Member& wanted = change.member;
        const Registry::Name name{wanted.organisation, wanted.id};
        if (!find_member(context.state, wanted.organisation, wanted.id)) {
            return registry.add(wanted);
        }
        PROBATUM_LET(present, registry.find(name));
        const RoleSet roles = RoleSet::of(wanted.roles);
        const bool has_key = present.record.keys.back().key == wanted.key.id();
        if (has_key && present.key.roles == roles) {
            return unfit("member", "it has this key and these roles");
        }
        if (!has_key) {
            PROBATUM_TRY(registry.set_key(name, wanted.key));
        }
        return registry.set_roles(name, roles);
    }
    Result<void> operator()(const RemoveMember& change) const {
        return registry.remove({change.organisation, change.member});
    }
    Result<void> operator()(const Freeze& change) const { return registry.freeze(change.subject, context.proposal); }
    Result<void> operator()(const Unfreeze& change) const { return registry.unfreeze(change.subject); }
    Result<void> operator()(const TrustRoot& change) const {
        std::vector<TrustedRoot> roots = find_trusted_roots(context.state);
        if (find_root(roots, change.certificate, context.height) != nullptr) {
            return unfit("certificate", "it is trusted");
        }
        if (roots.size() >= kMaxTrustedRoots) {
            return unfit("certificate", "at most 64 roots over time");
        }
        roots.push_back({.certificate = change.certificate, .name = change.name, .since = context.height});
        writes[state_keys::trusted_roots()] = encode(roots);
        return {};
    }
    Result<void> operator()(const DistrustRoot& change) const {
        std::vector<TrustedRoot> roots = find_trusted_roots(context.state);
        const auto found = std::ranges::find_if(roots, [&](const TrustedRoot& root) {
            return root.certificate == change.certificate && root.until == Height{};
        });
        if (found == roots.end()) {
            return unfit("certificate", "it is not trusted");
        }
        found->until = context.height;
        writes[state_keys::trusted_roots()] = encode(roots);
        return {};
    }
    Result<void> operator()(const PublishCalendar& change) const {
        const Digest latest = state_keys::calendar_latest(change.code);
        const std::uint64_t before = codec::held_uint(context.state.get(latest));
        if (before == 0) {
            number(state_keys::calendar_count(), state_keys::calendar_number, codec::encode_text(change.code));
        } else if (find_calendar(context.state, change.code, before)->calendar == change.calendar) {
            return unfit("calendar", "the latest version says so");
        }
        writes[latest] = codec::encode_uint(before + 1);
        writes[state_keys::calendar(change.code, before + 1)] =
            encode(PublishedCalendar{change.code, before + 1, change.calendar});
        return {};
    }
    Result<void> operator()(const NamePublisher& change) const {
        const std::optional<Standing> standing = find_standing(context.state, change.organisation);
        if (!standing || standing->status == OrganisationStatus::left) {
            return fail(Errc::organisation_unknown, "organisation");
        }
        std::optional<RateIndex> index = find_index(context.state, change.index);
        if (index && index->publisher == change.organisation) {
            return unfit("organisation", "it publishes this index");
        }
        if (!index) {
            index = RateIndex{};
            number(state_keys::rate_index_count(), state_keys::rate_index_number, codec::encode_text(change.index));
        }
        index->publisher = change.organisation;
        writes[state_keys::rate_index(change.index)] = encode(*index);
        return {};
    }
    Result<void> operator()(const PublishTemplate& change) const {
        const std::optional<ContractTemplate> former = find_template(context.state, change.name);
        if (!former) {
            cbor::Writer named;
            named.array(2).text(change.name.name).text(change.name.language);
            number(state_keys::template_count(), state_keys::template_number, named.take());
        }
        const std::uint64_t version = former ? former->version + 1 : 1;
        for (const Document& document : change.documents) {
            if (!find_digest(document.digests, DigestAlgorithm::sha256) ||
                !find_digest(document.digests, DigestAlgorithm::sm3)) {
                return fail(Errc::digest_required, "documents");
            }
        }
        writes[state_keys::template_latest(change.name.name, change.name.language)] = codec::encode_uint(version);
        writes[state_keys::contract_template(change.name.name, change.name.language, version)] =
            encode(ContractTemplate{change.name.name, change.name.language, version, change.title, change.documents});
        return {};
    }

    /// Appends to a numbered list.
    void number(const Digest& count_key, Digest (*numbered)(std::uint64_t), Bytes value) const {
        const std::uint64_t next = codec::held_uint(context.state.get(count_key)) + 1;
        writes[count_key] = codec::encode_uint(next);
        writes[numbered(next)] = std::move(value);
    }
};

}  // namespace

Result<Writes> registry_writes(const RegistryContext& context, const RegistryChange& change) {
    Registry registry{context.state, context.height};
    Writes writes;
    PROBATUM_TRY(std::visit(Enacting{context, registry, writes}, change));
    writes.merge(std::move(registry).take());
    return writes;
}

}  // namespace probatum::contracts
