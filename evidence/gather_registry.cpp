#include <set>

#include "contracts/actions.h"
#include "contracts/resolved.h"
#include "contracts/state_keys.h"
#include "evidence/bundle.h"
#include "evidence/contract_facts.h"
#include "evidence/source.h"

namespace probatum::evidence {

namespace {

using contracts::state_keys::certificate_binding;

/// What the parts of a bundle name: keys, organisations, certificates by key.
struct Named {
    std::set<KeyId> keys;
    std::set<std::string> organisations;
    std::set<std::pair<KeyId, Digest>> certificates;

    void add(const ledger::Transaction& transaction) {
        keys.insert(transaction.header().key_id);
        organisations.insert(transaction.header().issuer);
        const auto action = contracts::decode_action(transaction);
        if (const auto* body = action ? std::get_if<contracts::RegisterBody>(&action->body) : nullptr) {
            for (const contracts::Party& party : body->parties) {
                organisations.insert(party.organisation);
            }
        }
        if (const std::string* const later = action ? offered_to(action->body) : nullptr) {
            organisations.insert(*later);
        }
    }
};

Named named_in(const Source& source, const Bundle& bundle) {
    Named out;
    if (bundle.contract) {
        for (const auto* list : {&bundle.contract->events, &bundle.contract->refused}) {
            for (const BundleEvent& event : *list) {
                out.add(*event.transaction);
                const auto resolved = contracts::decode_resolved(event.leaf.resolved);
                if (resolved && resolved->certificate) {
                    out.certificates.emplace(event.transaction->header().key_id, *resolved->certificate);
                }
            }
        }
    }
    if (bundle.record) {
        const KeyId& key = bundle.record->transaction->header().key_id;
        out.add(*bundle.record->transaction);
        const std::optional<Bytes> value = source.state(contracts::state_keys::member_key(key));
        const auto member = value ? contracts::decode_member_key(*value) : fail(Errc::unknown_key, "key_id");
        if (member && member->certificate) {
            out.certificates.emplace(key, *member->certificate);
        }
    }
    return out;
}

/// What genesis says about a key, as the state held it before block 1.
std::optional<Bytes> of_genesis(const contracts::Genesis& genesis, const KeyId& key) {
    for (const contracts::Member& member : genesis.members) {
        if (member.key.id() == key) {
            return encode(contracts::MemberKey{.organisation = member.organisation,
                                               .member = member.id,
                                               .key = member.key.bytes(),
                                               .roles = contracts::RoleSet::of(member.roles),
                                               .certificate = member.certificate_digest,
                                               .status = contracts::KeyStatus::active});
        }
    }
    return std::nullopt;
}

bool names(const contracts::Genesis& genesis, const std::string& organisation) {
    return std::ranges::find(genesis.organisations, organisation, &contracts::Organisation::id) !=
           genesis.organisations.end();
}

Result<void> gather_certificates(const Source& source, const Named& named, RegistryPart& out) {
    for (const auto& [key, certificate] : named.certificates) {
        const Digest place = certificate_binding(key, certificate);
        std::optional<Bytes> value = source.state(place);
        if (!value) {
            continue;  // Named in genesis: its bytes never stood on this chain.
        }
        PROBATUM_LET(binding, contracts::decode_certificate_binding(*value));
        CertificatePart part{key, certificate, *std::move(value), source.prove_state(place), {}};
        for (const contracts::CertificateBinding::Entry& entry : binding.entries) {
            PROBATUM_LET(transaction, source.transaction(entry.transaction));
            part.transactions.push_back(std::move(transaction));
        }
        out.certificates.push_back(std::move(part));
    }
    if (!out.certificates.empty()) {
        const Digest place = contracts::state_keys::trusted_roots();
        out.roots = RootsPart{source.state(place), source.prove_state(place)};
    }
    return {};
}

}  // namespace

Result<RegistryPart> gather_registry(const Source& source, const Bundle& bundle) {
    PROBATUM_LET(genesis, contracts::decode_genesis(source.genesis()));
    const Named named = named_in(source, bundle);
    RegistryPart out;
    for (const KeyId& key : named.keys) {
        const Digest place = contracts::state_keys::member_key(key);
        std::optional<Bytes> value = source.state(place);
        if (value && value != of_genesis(genesis, key)) {
            out.keys.push_back({key, *std::move(value), source.prove_state(place)});
        }
    }
    for (const std::string& id : named.organisations) {
        const Digest place = contracts::state_keys::organisation(id);
        std::optional<Bytes> value = names(genesis, id) ? std::nullopt : source.state(place);
        if (value) {
            out.organisations.push_back({id, *std::move(value), source.prove_state(place)});
        }
    }
    PROBATUM_TRY(gather_certificates(source, named, out));
    if (std::max({out.keys.size(), out.organisations.size(), out.certificates.size()}) > kMaxRegistryItems) {
        return fail(Errc::too_large, "registry");
    }
    return out;
}

}  // namespace probatum::evidence
