#include "evidence/registry_part.h"

#include <algorithm>

#include "contracts/genesis_codec.h"
#include "contracts/resolved.h"
#include "contracts/state_keys.h"
#include "evidence/bundle.h"

namespace probatum::evidence {

namespace {

using cbor::Reader;
using cbor::Writer;

std::size_t bounded(Reader& in, std::string_view field, std::size_t maximum) {
    return contracts::codec::read_count(in, field, maximum);
}

ledger::StateProof read_proof(Reader& in, std::string_view field) {
    const ByteView item = in.field(field).raw_item();
    if (in.failed()) {
        return {};
    }
    auto proof = ledger::decode_state_proof(item);
    if (!proof) {
        in.refuse(std::move(proof).error());
        return {};
    }
    return *std::move(proof);
}

void demand_ascending(Reader& in, bool ascends) {
    if (!in.failed() && !ascends) {
        in.refuse(Errc::malformed, "parts ascend and stand once each");
    }
}

CertificatePart read_certificate(Reader& in) {
    CertificatePart out;
    in.field("registry.certificates").array_of(5);
    out.key = KeyId{in.digest()};
    out.certificate = in.digest();
    out.value = to_bytes(in.bytes());
    out.proof = read_proof(in, "registry.certificates.proof");
    const std::size_t count = bounded(in, "registry.certificates.transactions", contracts::kMaxBindingEntries);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        const ByteView item = in.raw_item();
        auto transaction =
            in.failed() ? Result<ledger::TransactionPtr>{nullptr} : ledger::Transaction::decode(to_bytes(item));
        if (!transaction) {
            in.refuse(std::move(transaction).error());
            break;
        }
        out.transactions.push_back(*std::move(transaction));
    }
    in.leave();
    in.leave();
    return out;
}

/// A value of the state under its key, as a proof shows it.
struct Claim {
    const Digest& root;
    std::string place;

    [[nodiscard]] Result<void> shows(const Digest& key, ByteView value, const ledger::StateProof& proof) const {
        Result<std::optional<Digest>> proven = ledger::verify_state_proof(root, key, proof);
        if (!proven) {
            return fail(Errc::invalid_proof, place);
        }
        if (*proven != sha256(value)) {
            return fail(Errc::evidence_mismatch, place);
        }
        return {};
    }
};

std::string at(const char* list, std::size_t index) {
    return std::string{"registry."} + list + "[" + std::to_string(index) + "]";
}

Result<void> prove_certificate(const CertificatePart& part, const Claim& claim) {
    PROBATUM_TRY(
        claim.shows(contracts::state_keys::certificate_binding(part.key, part.certificate), part.value, part.proof));
    const auto binding = contracts::decode_certificate_binding(part.value);
    const bool same = binding && std::ranges::equal(binding->entries, part.transactions, {},
                                                    &contracts::CertificateBinding::Entry::transaction,
                                                    [](const ledger::TransactionPtr& one) { return one->id(); });
    return same ? Result<void>{} : fail(Errc::evidence_mismatch, claim.place + ".transactions");
}

/// What the state says at the head comes first; genesis speaks of keys that the registry need not prove.
std::optional<Digest> borne_by(const KeyId& key, const contracts::Genesis& genesis, const ProvenRegistry& registry) {
    if (const auto proven = registry.keys.find(key); proven != registry.keys.end()) {
        return proven->second.certificate;
    }
    const auto member =
        std::ranges::find_if(genesis.members, [&](const contracts::Member& each) { return each.key.id() == key; });
    return member == genesis.members.end() ? std::nullopt : member->certificate_digest;
}

}  // namespace

void write_registry(Writer& out, const RegistryPart& part) {
    out.array(4).array(part.keys.size());
    for (const KeyPart& key : part.keys) {
        out.array(3).digest(key.key.digest).bytes(key.value).raw(ledger::encode(key.proof));
    }
    out.array(part.organisations.size());
    for (const OrganisationPart& organisation : part.organisations) {
        out.array(3).text(organisation.id).bytes(organisation.value).raw(ledger::encode(organisation.proof));
    }
    out.array(part.certificates.size());
    for (const CertificatePart& certificate : part.certificates) {
        out.array(5).digest(certificate.key.digest).digest(certificate.certificate).bytes(certificate.value);
        out.raw(ledger::encode(certificate.proof)).array(certificate.transactions.size());
        for (const ledger::TransactionPtr& transaction : certificate.transactions) {
            out.raw(transaction->wire());
        }
    }
    if (!part.roots) {
        out.null();
        return;
    }
    out.array(2);
    if (part.roots->value) {
        out.bytes(*part.roots->value);
    } else {
        out.null();
    }
    out.raw(ledger::encode(part.roots->proof));
}

RegistryPart read_registry(Reader& in) {
    RegistryPart out;
    in.field("registry").array_of(4);
    for (std::size_t i = 0, count = bounded(in, "registry.keys", kMaxRegistryItems); i < count && !in.failed(); ++i) {
        KeyPart part;
        in.array_of(3);
        part.key = KeyId{in.digest()};
        part.value = to_bytes(in.bytes());
        part.proof = read_proof(in, "registry.keys.proof");
        in.leave();
        demand_ascending(in, out.keys.empty() || out.keys.back().key < part.key);
        out.keys.push_back(std::move(part));
    }
    in.leave();
    for (std::size_t i = 0, count = bounded(in, "registry.organisations", kMaxRegistryItems); i < count && !in.failed();
         ++i) {
        OrganisationPart part;
        in.array_of(3);
        part.id = std::string{in.text_at_most(contracts::kMaxNumberBytes)};
        part.value = to_bytes(in.bytes());
        part.proof = read_proof(in, "registry.organisations.proof");
        in.leave();
        demand_ascending(in, out.organisations.empty() || out.organisations.back().id < part.id);
        out.organisations.push_back(std::move(part));
    }
    in.leave();
    for (std::size_t i = 0, count = bounded(in, "registry.certificates", kMaxRegistryItems); i < count && !in.failed();
         ++i) {
        CertificatePart part = read_certificate(in);
        demand_ascending(in, out.certificates.empty() ||
                                 std::pair{out.certificates.back().key, out.certificates.back().certificate} <
                                     std::pair{part.key, part.certificate});
        out.certificates.push_back(std::move(part));
    }
    in.leave();
    if (!in.field("registry.roots").take_null()) {
        RootsPart roots;
        in.array_of(2);
        if (!in.take_null()) {
            roots.value = to_bytes(in.bytes());
        }
        roots.proof = read_proof(in, "registry.roots.proof");
        in.leave();
        out.roots = std::move(roots);
    }
    in.leave();
    if (!in.failed() && (out.empty() || out.roots.has_value() == out.certificates.empty())) {
        in.refuse(Errc::malformed, "left out where it is empty; roots come with certificates");
    }
    return out;
}

Result<ProvenRegistry> prove_registry(const RegistryPart& part, const Digest& state_root) {
    ProvenRegistry out;
    for (std::size_t i = 0; i < part.keys.size(); ++i) {
        const KeyPart& one = part.keys[i];
        const std::string place = at("keys", i);
        PROBATUM_TRY(
            (Claim{state_root, place}.shows(contracts::state_keys::member_key(one.key), one.value, one.proof)));
        PROBATUM_LET(key, contracts::decode_member_key(one.value));
        const Result<PublicKey> point = PublicKey::from_bytes(key.key);
        if (!point || point->id() != one.key) {
            return fail(Errc::evidence_mismatch, place + ".key");
        }
        out.keys.emplace(one.key, std::move(key));
    }
    for (std::size_t i = 0; i < part.organisations.size(); ++i) {
        const OrganisationPart& one = part.organisations[i];
        const Claim claim{state_root, at("organisations", i)};
        PROBATUM_TRY(claim.shows(contracts::state_keys::organisation(one.id), one.value, one.proof));
        cbor::Reader in{one.value};
        contracts::Organisation organisation = contracts::codec::read_organisation(in);
        PROBATUM_TRY(in.finish());
        out.organisations.emplace(one.id, std::move(organisation));
    }
    for (std::size_t i = 0; i < part.certificates.size(); ++i) {
        PROBATUM_TRY(prove_certificate(part.certificates[i], Claim{state_root, at("certificates", i)}));
        out.certificates.emplace(part.certificates[i].key, part.certificates[i].certificate);
    }
    if (part.roots) {
        const Digest key = contracts::state_keys::trusted_roots();
        const auto proven = ledger::verify_state_proof(state_root, key, part.roots->proof);
        const std::optional<Digest> shown =
            part.roots->value ? std::optional{sha256(*part.roots->value)} : std::nullopt;
        if (!proven || *proven != shown) {
            return fail(Errc::evidence_mismatch, "registry.roots");
        }
    }
    return out;
}

NamedKeys named_keys(const Bundle& bundle, const contracts::Genesis& genesis, const ProvenRegistry& registry) {
    NamedKeys out;
    if (bundle.contract) {
        for (const auto* const log : {&bundle.contract->events, &bundle.contract->refused}) {
            for (const BundleEvent& event : *log) {
                const KeyId& key = event.transaction->header().key_id;
                out.keys.insert(key);
                const auto resolved = contracts::decode_resolved(event.leaf.resolved);
                if (resolved && resolved->certificate) {
                    out.certificates.emplace(key, *resolved->certificate);
                }
            }
        }
    }
    if (bundle.record) {
        const KeyId& key = bundle.record->transaction->header().key_id;
        out.keys.insert(key);
        if (const std::optional<Digest> certificate = borne_by(key, genesis, registry)) {
            out.certificates.emplace(key, *certificate);
        }
    }
    return out;
}

Result<void> check_named(const RegistryPart& part, const NamedKeys& named) {
    for (std::size_t i = 0; i < part.keys.size(); ++i) {
        if (!named.keys.contains(part.keys[i].key)) {
            return fail(Errc::evidence_mismatch, at("keys", i));
        }
    }
    for (std::size_t i = 0; i < part.certificates.size(); ++i) {
        if (!named.certificates.contains({part.certificates[i].key, part.certificates[i].certificate})) {
            return fail(Errc::evidence_mismatch, at("certificates", i));
        }
    }
    return {};
}

}  // namespace probatum::evidence
